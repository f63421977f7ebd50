// What depends on the role of whoever is signed in.
import type { Schemas } from "@/api/client";
import { signedIn } from "@/session/token";

/** Whether who is signed in has one of these roles. */
export function hasRole(...roles: Schemas["Role"][]): boolean {
  return signedIn.value !== undefined && roles.includes(signedIn.value.role);
}
