/** What is said behind the door and while signing up. */
import type { inside as english } from "../en/inside.ts";
import type { Translation } from "../translation.ts";
import { data } from "./data.ts";
import { devices } from "./devices.ts";
import { house } from "./house.ts";
import { invites } from "./invites.ts";
import { media } from "./media.ts";
import { moderation } from "./moderation.ts";
import { people } from "./people.ts";
import { porch } from "./porch.ts";
import { security } from "./security.ts";
import { setup } from "./setup.ts";
import { talk } from "./talk.ts";
import { writing } from "./writing.ts";

export const inside: Translation<typeof english> = {
  ...setup,
  ...porch,
  ...writing,
  ...talk,
  ...people,
  ...house,
  ...data,
  ...devices,
  ...invites,
  ...moderation,
  ...media,
  ...security,
};
