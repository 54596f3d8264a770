/** First run. */
export const setup = {
  "setup.title": "Set up your site",
  "setup.step": "Step {number} of {total}",
  "setup.later": "Do this later",
  "setup.steps": "Steps",
  "setup.stepName": "You",
  "setup.stepPhrase": "Recovery phrase",
  "setup.stepFactor": "Second factor",
  "setup.stepVault": "Vault",

  "setup.factor.title": "A second factor",
  "setup.factor.lead":
    "A password can be guessed or watched. With a second factor it opens nothing by itself: logging in then also asks for a code from your phone, or for a passkey.",
  "setup.factor.done": "Your login has a second factor",
  "setup.factor.next": "Continue",
  "setup.factor.skip": "Continue without",
  "setup.factor.warn":
    "Without one, whoever learns your password can post in your name. You can add it later under House, Security.",

  "setup.name.title": "Who lives here?",
  "setup.name.lead": "This site will be yours. Choose the name people read and the one in your address.",
  "setup.name.name": "Your name",
  "setup.name.nameHint": "As you want it written above your posts.",
  "setup.name.username": "Name in your address",
  "setup.name.usernameHint": "Small letters, digits, - and _. It cannot be changed later.",
  "setup.name.address": "Your address will be {address}",
  "setup.name.password": "Password",
  "setup.name.passwordHint":
    "At least 10 characters. It opens this site; your private messages have keys of their own.",
  "setup.name.next": "Continue",
  "setup.name.badUsername":
    "Use 1 to 32 small letters, digits, - or _, with a letter or digit first and last.",
  "setup.link.title": "This needs the setup link",
  "setup.link.lead":
    "A site is set up once, with the one-time link that was printed when it was started. Open that link in this browser.",

  "setup.phrase.title": "Your recovery phrase",
  "setup.phrase.lead":
    "These 24 words are the key to who you are. If every device of yours is lost, they bring you back. Nobody else has them, this site included.",
  "setup.phrase.failed": "Your keys could not be made",
  "setup.phrase.making": "Making your keys",
  "setup.phrase.write":
    "Write them on paper, in this order, and keep the paper safe. They are shown only now.",
  "setup.phrase.again":
    "These are new words. If you wrote some down before loading this page again, throw those away.",
  "setup.phrase.word": "Word {number}",
  "setup.phrase.print": "Print",
  "setup.phrase.next": "I have written them down",
  "setup.phrase.ask": "Let us check your paper",
  "setup.phrase.askLead": "Type three of the words from what you wrote down.",
  "setup.phrase.look": "Look at the words again",
  "setup.phrase.confirm": "Continue",
  "setup.phrase.wrong": "This is not word {number}. Look at your paper again.",
  "setup.phrase.printTitle": "Recovery phrase of {name}",
  "setup.phrase.printAddress": "Address: {address}",
  "setup.phrase.printHint": "Keep this paper safe. Whoever has these words can speak as you.",

  "setup.vault.title": "Pair your vault",
  "setup.vault.lead":
    "A vault is a small computer at your home that keeps your private history. It calls your site; nothing at home has to be opened.",
  "setup.vault.none": "No vault is waiting yet",
  "setup.vault.noneHint": "Start it at home with this command. It appears here by itself.",
  "setup.vault.offline": "Pairing needs your porch light to be green: connect again first.",
  "setup.vault.waiting": "Waiting to be paired",
  "setup.vault.pair": "Pair this vault",
  "setup.vault.working": "Agreeing on keys with the vault",
  "setup.vault.code": "The code",
  "setup.vault.compare": "The vault shows a code too. Are the two the same?",
  "setup.vault.match": "They match",
  "setup.vault.failed": "The vault is not paired",
  "setup.vault.differ": "They differ",
  "setup.vault.finishing": "Giving the vault its certificate",
  "setup.vault.differed":
    "Nothing was paired. Somebody between you and the vault may have swapped keys; try again from a network you trust.",
  "setup.vault.done": "Your vault is paired",
  "setup.vault.doneHint":
    "From now on it keeps a copy of every conversation, also while this browser is closed.",
  "setup.vault.unnamed": "A vault",
  "setup.vault.warn": "Without a vault your private messages live in this browser only.",

  "setup.done": "Open your porch",
} as const;
