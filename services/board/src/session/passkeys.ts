// Passkeys: between the documents of the API, whose bytes are base64url, and the browser's own.
import { ApiProblem } from "@/api/problem";
import { t } from "@/text/language";

type Options = Record<string, unknown>;
interface Described {
  id: string;
}

/** Whether this browser has passkeys at all, at this address. */
export const mayHavePasskeys = isSecureContext && "PublicKeyCredential" in window;

/** Whether this device asks for a finger, a face or its lock itself. */
export async function isPlatformReady(): Promise<boolean> {
  if (!mayHavePasskeys) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/** Make a passkey; what it answers is for the API. Throws ApiProblem. */
export async function makePasskey(options: Options): Promise<string> {
  const user = options.user as Described;
  const publicKey = { ...common(options, "excludeCredentials"), user: { ...user, id: bytes(user.id) } };
  const made = await ask(() => navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions }));
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse;
  return pack(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
}

/** Use a passkey; what it answers is for the API. Throws ApiProblem. */
export async function usePasskey(options: Options): Promise<string> {
  const publicKey = common(options, "allowCredentials");
  const used = await ask(() => navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions }));
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response as AuthenticatorAssertionResponse;
  return pack(used, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function common(options: Options, list: string): Options {
  const described = (options[list] as Described[] | undefined) ?? [];
  return {
    ...options,
    challenge: bytes(options.challenge as string),
    [list]: described.map((each) => ({ ...each, id: bytes(each.id) })),
  };
}

function pack({ id, type, rawId, authenticatorAttachment }: PublicKeyCredential, response: Options): string {
  return JSON.stringify({ id, type, rawId: text(rawId), authenticatorAttachment, response, clientExtensionResults: {} });
}

async function ask(request: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const found = await request();
    if (found) return found as PublicKeyCredential;
    throw new DOMException("", "NotAllowedError");
  } catch (error) {
    throw explain(error instanceof DOMException ? error.name : "");
  }
}

/** What a person can do about it: browsers tell pages little, and that in no word for people. */
function explain(name: string): ApiProblem {
  const said = (title: string, detail: string) => new ApiProblem(0, title, detail, `passkey-${name}`, "", null);
  if (name === "InvalidStateError")
    return said(
      t("这台设备上已有这个账号的通行密钥", "This device has a passkey of this account already"),
      t("不必再加，可直接用它登录。", "Just sign in with it."),
    );
  if (name === "NotSupportedError" || name === "SecurityError")
    return said(
      t("这里不能用通行密钥", "There are no passkeys here"),
      t("请改用密码，或用域名和 https 打开本页。", "Use a password, or open this page by a name and https."),
    );
  return said(
    t("没有完成验证", "It was not completed"),
    t(
      "可能是取消了、超时了，或者这台设备上没有这个网址的通行密钥。可以再试一次，或者换一种方式。",
      "It was cancelled, took too long, or this device has no passkey for this address. Try again, or in another way.",
    ),
  );
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const found = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(found, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
