// The code of the invitation that this page was opened with. It is a secret: it is kept here only,
// and leaves the address and the history before anything else happens.
import { ref, watch } from "vue";

import { hideIds, route } from "@/shell/route";

export const invitationCode = ref("");

watch(
  route,
  ({ page, ids }) => {
    if (page !== "invitation" || !ids[0]) return;
    invitationCode.value = ids[0];
    hideIds();
  },
  { immediate: true, flush: "sync" },
);
