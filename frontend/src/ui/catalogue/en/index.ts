/** The English catalogue; the others are typed by it. */
import { common } from "./common.ts";
import { data } from "./data.ts";
import { devices } from "./devices.ts";
import { errors } from "./errors.ts";
import { house } from "./house.ts";
import { invites } from "./invites.ts";
import { login } from "./login.ts";
import { media } from "./media.ts";
import { moderation } from "./moderation.ts";
import { people } from "./people.ts";
import { porch } from "./porch.ts";
import { security } from "./security.ts";
import { setup } from "./setup.ts";
import { talk } from "./talk.ts";
import { writing } from "./writing.ts";

export const en = {
  ...common,
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
  ...errors,
  ...login,
  ...security,
} as const;
