internal import Flow
internal import Gate

extension Catalog {
  static let english = Catalog(
    language: "en", category: { $0 == 1 ? .one : .other }, messages: englishMessages,
    texts: [
      .numberTitle: "Verify your phone number",
      .pinTitle: "Enter your PIN",
      .callTitle: "Get a call instead?",
      .choiceTitle: "Did you mean this number?",
      .choicesTitle: "Which number did you mean?",
      .challengeTitle: "One moment, please",
      .lineTitle: "Your place in line",

      .workProgress: "{percent} % done",
      .workDone: "Done. We are sending the form.",

      .numberEnding: "your number ending in {digits}",

      .lifetimeOver:
        "It may have expired: if you {have a newer message|had a newer call}, use the PIN from that one.",
      .lifetimeUnknown: "It is good for a few minutes from when it was sent.",

      .againAfter: "You can {send it again|ask for another call} in {wait}.",
      .againNow: "{If nothing has come, send it again.|If no call has come, ask for another.}",
      .againNever: "We cannot {send another message|call again} for this PIN.",

      .waitOver: "now",
      .waitIn: "in {wait}",
      .waitUnknown: "a while",

      .lengthRange: "{least} to {most}",

      .lastTry: "That was the last try for now.",

      .someCountry: "this country",
      .servedCountries: "We send to numbers of {countries}.",
      .countryWithCode: "{country} (+{code})",
      .listSeparator: ", ",
      .listEnd: " and {last}",
      .landline: "{country}, landline",

      .startAgain: "Start again",
      .goOn: "Continue",

      .lostForm:
        "What you sent was not passed on, and nothing of it was kept. Verify your number, and then send it again.",

      .serverLimitedTitle: "Too many requests from your connection",
      .serverLimited:
        "Many requests came from your connection in a short time, so we did not take this one. Wait a minute and try again.",
      .serverLimitedMore: "Others on the same connection count as well.",
      .serverBusyTitle: notAvailable,
      .serverBusy: "There were many requests at once, or a brief interruption. Wait a minute and try again.",
    ],
    labels: englishLabels, gate: englishGate,
    plurals: [
      .seconds: [.one: "{n} second", .other: "{n} seconds"],
      .minutes: [.one: "{n} minute", .other: "{n} minutes"],
      .hours: [.one: "{n} hour", .other: "{n} hours"],
      .days: [.one: "{n} day", .other: "{n} days"],
      .lifetimeFresh: [.one: "It is good for {n} minute.", .other: "It is good for {n} minutes."],
      .lifetimeLeft: [
        .one: "It is good for less than a minute more.", .other: "It is good for about {n} more minutes.",
      ],
      .digits: [.one: "{n} digit", .other: "{n} digits"],
      .triesLeft: [.one: "You have {n} try left.", .other: "You have {n} tries left."],
      .moreCountries: [.one: "{n} more", .other: "{n} more"],
      .remember: [
        .one: "Remember this browser for {n} day", .other: "Remember this browser for {n} days",
      ],
    ],
    countries: .english)

  /// Also said where there is no memory, so it is that page's constant.
  private static let notAvailable = EmergencyPage.english.title.description

  private static let englishGate: [GateText: String] = [
    .verifyFirst: "A phone number has to be verified first: open this address in a browser.",
    .noAccessTitle: "No access",
    .noAccess: "This phone number has no access here.",
    .signOut: "Sign out, and use another number",
    .refusedElsewhere: "You are verified, but the web server refuses this page for another reason.",
    .formIsGuarded: "The form at {form} is behind the gate itself: take it out of what is guarded.",
    .demandUnusable:
      "PINGATE_PURPOSE or PINGATE_MAX_AGE has a value that makes no sense. The log says what is wrong.",
    .unavailable: "\(notAvailable).",
    .redirectShown: "PINGATE_DEBUG_REDIRECTS: 303 See Other\nProof: {reason}\nLocation: {address}",
  ]

  private static let englishLabels: [LabelKey: String] = [
    .firstStep: "Step 1 of 2",
    .secondStep: "Step 2 of 2",
    .errorPrefix: "Error:",
    .errorSummary: "There is a problem",
    .help: "Need help?",
    .sendPIN: "Send me a PIN",
    .otherNumber: "Enter another number",

    .numberLead: "We send a PIN to your phone, to check that the number is yours.",
    .numberLabel: "Mobile number",
    .numberHint: "With its country code, like {example}",
    .numberHelp: "Use a phone that you have with you and that gets text messages. You type the PIN on the next page.",
    .numberTrap: "Leave this empty",

    .userLead: "We send a PIN to your number that ends in {ending}.",
    .userHelp: "If this is not your number any more, ask the site’s owner to change it.",

    .callLead: "{number} looks like a landline, which gets no text messages. We can call it, and a voice says the PIN.",
    .callAction: "Call me with the PIN",
    .callHelp: "Be near the telephone. You type the PIN on the next page.",

    .choiceLead: "You typed {number}. We want to be sure before we send anything.",
    .choiceAction: "{choice} ({country})",
    .choiceHelp: "Start with + and your country code, and we will not have to ask.",

    .pinLeadOfMessage: "We sent a message with a {pinLength}-digit PIN to {number}.",
    .pinLeadOfCall: "We are calling {number} to say a {pinLength}-digit PIN.",
    .pinLabel: "PIN",
    .pinHintOfMessage: "The {pinLength} digits from the message",
    .pinHintOfCall: "The {pinLength} digits that the voice says",
    .pinAction: "Verify",
    .pinHelpTitleOfMessage: "Did not get it?",
    .pinHelpTitleOfCall: "Did not get the call?",
    .pinHelpOfMessage:
      "A message can take a minute or two. Check that your phone has a signal, and that the number above is yours.",
    .pinHelpOfCall:
      "A call can take a minute. Check that your phone is on and not busy, and that the number above is yours.",
    .sendAgain: "Send again",
    .callAgain: "Call again",
    .callInstead: "Call me",
    .sendInstead: "Send a text message instead",
    .correctNumber: "Use another number",

    .workLead:
      "Your browser does a calculation for a few seconds, and then sends the form by itself. You need not do anything.",
    .workAgain: "Try again",
    .needsScripts: "That takes scripts, and your browser runs none here. You can wait in line instead.",
    .waitInstead: "Wait in line instead",
    .challengeHelpTitle: "Why is this?",
    .challengeHelp: "Robots ask for messages that nobody reads. This costs you nothing, and them a lot.",
    .lineHelp:
      "The place is yours: nobody gets it before you. If you press the button too early, we tell you how long it still takes.",
    .goOn: "Continue",

    .referenceHelp: "If you ask the site’s owner about this, give them this reference: {reference}",
  ]

  private static let englishMessages: [MessageKey: [String]] = [
    .numberMissing: ["Enter your mobile number."],
    .numberUnreadable: ["Enter the number in digits, with its country code, like {number}."],
    .numberHasExtension: ["We cannot dial extensions. Enter a direct or mobile number without one."],
    .numberUnknownCountryCode: ["No country has this country code. Check the digits after the +."],
    .numberTooShort: ["This number is too short. Enter all of its digits."],
    .numberLocalOnly: ["The area code is missing. Enter the whole number."],
    .numberTooLong: ["This number is too long. Check each digit."],
    .numberWrongLength: ["This number has too few or too many digits. Check each digit."],
    .numberNotValid: [
      "There is no such number. Check each digit; from another country, begin with + and its code."
    ],
    .numberExtraCharges: ["We do not send to numbers with extra charges. Enter your mobile number."],
    .numberTollFree: ["We cannot send to toll-free numbers. Enter your mobile number."],
    .numberPager: ["We cannot send to pagers. Enter your mobile number."],
    .numberVoicemail: ["This number leads to voicemail. Enter your mobile number."],
    .numberOrganization: ["This number belongs to an organization. Enter your own mobile number."],
    .numberPersonal: ["We cannot send to numbers that forward to others. Enter your mobile number."],
    .numberVoIP: ["We cannot send to internet telephone numbers. Enter your mobile number."],
    .numberWrongCountry: ["We cannot send to numbers of {owner}. Enter another number."],
    .numberUnsupportedDestination: ["We cannot reach this number’s network. Enter another number."],
    .numberLandlineRefused: ["This is a landline, which gets no text messages. Enter your mobile number."],
    .numberBlocked: ["We cannot {send messages to|call} this number. Enter another number."],

    .startNotAnother: [
      "{We already sent you a message a short while ago, so we did not send another. Enter its PIN.|We already called you a short while ago, so we did not call again. Enter the PIN that the voice said.}"
    ],
    .startFormTooOld: [
      "This form has been open for a long time, so we {sent nothing|did not call}. Press the button once more."
    ],
    .startTooEarly: ["Your last PIN is no longer good. You can get a new one for this number in {wait}."],
    .startBusy: ["We could not {send your message|call you} just now. Try again in {wait}."],
    .startBusyMoment: ["We could not {send your message|call you} just now. Wait a moment and try again."],
    .startLost: [
      "We asked for your {message|call} but got no clear answer. Try again in {wait}: if it was {sent|made}, you will not get a second one."
    ],

    .resendSent: ["{We sent another message. If more than one comes, use the newest.|We are calling you now.}"],
    .resendTooEarly: [
      "That was too early: a PIN can take a minute to come. You can {send it again|ask for a call} in {wait}."
    ],
    .resendExhausted: [
      "We cannot {send another message|call you} for now. Wait for the PIN that is on its way, or try again in {wait}."
    ],
    .resendBusy: ["We could not {send another message|call you} just now. Try again in {wait}."],
    .resendBusyMoment: ["We could not {send another message|call you} just now. Wait a moment and try again."],
    .resendLost: [
      "We asked for {another message|a call} but got no clear answer. If one comes, use its PIN; if not, try again in {wait}."
    ],

    .sendLimitedAddress: [
      "Many {messages|calls} were asked for from your connection in a short time. Try again in {wait}."
    ],
    .sendLimitedBrowser: ["You have asked for many {messages|calls} in a short time. Try again in {wait}."],
    .sendLimitedNumber: ["We cannot {send another message to|call} this number yet. Try again in {wait}."],
    .sendLimitedResends: [
      "We cannot {send|call} any more for this PIN. Enter the newest one that you have, or use another number."
    ],
    .sendLimitedShared: ["We cannot {send messages|call} right now. Try again in {wait}."],
    .sendLimitedLot: ["We cannot {send messages|call} right now. Try again in {wait}: there may be room then."],
    .sendStillSending: [
      "{We are still sending your message|We are still asking for your call}. Wait a few seconds and try again: you will not get two."
    ],
    .sendChallenged: [
      "Very many {messages|calls} are being asked for right now, so we make sure that people get them and not robots."
    ],
    .sendChallengedAgain: ["We could not tell yet that you are no robot. Try once more, or wait in line instead."],
    .sendWaiting: ["Your place is ready in {wait}. We keep it for ten minutes."],
    .givenUp: ["We have dropped your last PIN. Correct the number, or enter another one."],

    .pinMissing: ["Enter the PIN {from the message|that the voice said}."],
    .pinUnreadable: ["Enter the {digits} {from the message|that the voice said}, like {example}."],
    .pinSeveral: [
      "There is more than one number here. Enter only the {digits} {from the newest message|that the voice said}."
    ],
    .pinWrong: [
      "That PIN is not right. {Check the message.|Ask for another call if you are not sure.} {left}"
    ],
    .pinWrongOrOld: ["That PIN is wrong or too old. Enter the {digits} of the newest {message|call}. {left}"],
    .pinNewer: [
      "{We have sent you a newer PIN|You were called with a newer PIN} since. Enter the {digits} of the newest {message|call}."
    ],
    .checkLimitedVisitor: ["You have tried many PINs in a short time. Try again in {wait}."],
    .checkLimitedNumber: ["Many wrong PINs were entered for this number. Try again in {wait}."],
    .checkLimitedShared: ["We cannot check PINs right now. Try again in {wait}."],
    .checkBusy: ["We could not check your PIN just now. Try again in {wait}."],
    .checkBusyMoment: ["We could not check your PIN just now. Wait a moment and try again."],
    .checkLost: ["We asked whether your PIN is right but got no clear answer. Wait a moment and try again."],

    .verified: ["Account verified!", "Your phone number is confirmed."],
    .redeemed: ["Redeemed", "The number was verified."],
    .redeemUnauthorized: ["Not authorized", "This is for the site’s own code, with its secret."],
    .returnTokenForeign: ["We do not know this token", "It is damaged, or it came from another site."],
    .returnTokenExpired: ["This token has expired", "It is good for a minute only."],
    .returnTokenUsed: ["This token was already used", "Each token works once."],
    .signedOut: ["You are signed out", "This browser no longer counts as verified."],
    .numberLocked: [
      "This number is locked", "Very many wrong PINs were entered for this number.",
      "To have it opened again, ask the site’s owner.",
    ],
    .spent: [
      "Too many wrong PINs", "To keep your number safe, this PIN cannot be used any more.",
      "Start again and we will send you a new one.",
    ],
    .expired: [
      "This PIN has expired", "A PIN is good for a few minutes only. Start again and we will send you a new one.",
      "If you have already seen “Account verified!”, there is nothing more to do.",
    ],
    .used: [
      "This PIN was already used",
      "Each PIN works once. If you have just seen “Account verified!”, there is nothing more to do.",
      "If not, start again and we will send you a new one.",
    ],
    .ended: [
      "This PIN is no longer good", "It has expired or was already used. Start again and we will send you a new one.",
      "If you have just seen “Account verified!”, there is nothing more to do.",
    ],
    .foreign: [
      "We do not recognize this form",
      "It may have been open for too long, or it came from another site. Start again from the first page.",
    ],
    .unbound: [
      "Start again in this browser",
      "The PIN was asked for in another browser, or this browser did not keep a cookie that we need to be sure that it was you.",
      "Allow cookies for this site, and start again from the first page.",
    ],
    .providerChanged: [
      "This PIN is no longer good",
      "The way in which we check numbers has changed since it was sent. Start again and we will send you a new one.",
    ],
    .notFound: ["Page not found", "There is nothing at this address."],
    .methodNotAllowed: ["Start from the first page", "This page only takes what its form sends."],
    .crossSite: [
      "This form came from another site",
      "To protect you, we only accept forms from our own pages. Start again from the first page.",
    ],
    .originHidden: [
      "Your browser did not say where this form came from",
      "To protect you, we only accept forms from our own pages, and we could not tell. Start again from the first page.",
      "If this page comes again, use another browser, or tell the site’s owner that its first page sends no referrer.",
    ],
    .unreadableForm: ["We could not read this form", "Start again from the first page."],
    .crowded: ["Very busy right now", "Many people are here at once. Try again in a minute."],
    .unavailable: [
      notAvailable, "This is our fault and not yours. We have made a note of it. Try again later.",
    ],
  ]
}

extension EmergencyPage {
  public static let english = EmergencyPage(
    language: "en", title: "Not available right now",
    text: "The server has no room for this at the moment. No message was sent. Go back and try again in a minute.")
}
