// A proof of who is signed in, asked for before there is one way in more.
import { client, read, type Schemas } from "@/api/client";
import { usePasskey } from "@/session/passkeys";

/** The password of an account; where it has none an answer of its passkey. Throws ApiProblem. */
export async function prove(account: Schemas["SignedInAccountRead"], password: string): Promise<{ password?: string; proof?: string }> {
  if (account.has_password) return { password };
  if (!account.passkeys) return {};
  const { options } = await read(client.POST("/registry/v1/session/passkey-options"));
  return { proof: await usePasskey(options) };
}
