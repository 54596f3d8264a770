/** A sentence for each stable code that a person may meet: what happened and what to do. */
export const errors = {
  "error.offline": "This browser could not reach your site. Check your connection, then try again.",
  "error.internal": "Something failed on our side. Try again; if it stays, the site’s log says more.",
  "error.unknown": "Something went wrong. Try again.",
  "error.login": "You are logged out. Log in again; what you wrote is kept.",
  "error.login_failed": "Name and password do not fit together. Check both and try again.",
  "error.recent_login": "Show once more that it is you, then this can be done.",
  "error.code_refused":
    "That code does not work, or was used already. Wait for the next one and check the time of this device.",
  "error.passkey_refused": "That passkey does not fit here. Try again, or use another way.",
  "error.csrf": "This page is out of date. Load it again and repeat what you did.",
  "error.not_found": "There is nothing by that name. Check the spelling.",
  "error.schema": "Something in this form does not fit. Check the fields and try again.",
  "error.address": "That is not an address. One looks like @ana@example.org.",
  "error.unreachable": "The other site did not answer. It may be switched off; try again later.",
  "error.unknown_recipient": "Nobody by that name lives there. Check the address.",
  "error.too_many": "That was a lot in a short time. Wait a moment, then try again.",
  "error.gone": "This has been deleted.",
  "error.empty": "Write something first.",
  "error.too_long": "This is longer than a post can be. Shorten it and try again.",
  "error.not_a_feed": "There is nothing to follow at that address. Check the spelling.",
  "error.not_opml": "This file is no list of feeds. Other readers export one as OPML.",
  "error.own_address": "That is your own address; your posts are on your porch already.",
  "error.not_enrolled": "Finish setting up your keys first.",
  "error.comments_closed": "Comments cannot be made there.",
  "error.not_ready": "Your keys are still being read. Wait a moment, then try again.",
  "error.other_tab":
    "Porchlight is open in another tab, and that one did not answer. Close it and try again.",
  "error.changed_key":
    "This address now has another key than before. Ask the person another way before you write.",
  "error.replaced": "Porchlight was opened elsewhere with the same keys, and that one is connected now.",
  "error.account_exists": "This account has its keys already.",
  "error.refused": "This is not allowed, or it is no longer there.",
  "error.blocked":
    "A moderator has blocked this for a while. You can still read and edit your own pages; the porch light says until when.",
  "error.setup_token":
    "This setup link is not valid, or it was used before. Ask for a new one where the site runs.",
  "error.username_taken": "Somebody here has that name already. Choose another.",
  "error.weak_password": "This password is too easy to guess. Choose a longer or less common one.",
  "error.json_too_large": "This is too long. Shorten it and try again.",
  "error.mailbox_full": "The other mailbox is full. Your message stays here and is tried again.",
  "error.request_pending": "You have asked this person already. Your message goes out once they accept.",
  "error.device_list_stale": "Your devices changed elsewhere. Load this page again and repeat what you did.",
  "error.device_list_conflict": "Two devices changed your device list at once. Load this page again.",
  "error.pairing_busy":
    "The vault is busy with another pairing, or had too many. Wait a few minutes and try again.",
  "error.pairing_commitment":
    "The vault showed another key than it had promised. Nothing was paired. Try again from a network you trust.",
  "error.pairing_lost": "The vault went away. Start it again, then try once more.",
  "error.recovery_phrase": "These are not the 24 words, or one of them is wrong.",
  "error.no_keys": "This browser holds no key of yours, so it cannot do this.",
  "error.signature": "A signature did not fit, so nothing was taken.",
  "error.clock": "The clocks differ by more than five minutes. Check the date and time of this device.",
  "error.expired": "This took too long and is no longer valid. Try again.",
  "error.decrypt": "A message could not be opened, so it was not taken.",
  "error.storage":
    "This browser would not store your data. Free some space or leave private browsing, then try again.",
} as const;
