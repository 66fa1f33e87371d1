import type { Rule } from './rules.ts';

const list =
  '(?:list|lists|database|system|crm|records|mailings?|mailing list|sequence|distribution(?: list)?|campaign|cadence|files)';
const contact = '(?:e-?mail|mail|contact|message|write|call|text|ping|bother|pester|spam|approach|solicit)';

/** How English says no: never again, rudely, later, or not at all. */
export const englishRefusals: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '^(?:please |pls |kindly |just )?(?:unsubscribe|unsub|unsubscribed|opt[- ]?out|remove|remove me|removal|delete|delete me|stop|stop it|stop now|stop this|stop please|stop thanks|stop all|opt me out|no more|enough)(?: me)?(?: please| pls| now| thanks| thank you| already| asap| immediately)*$',
      `(?:do not|don't|dont|never|stop|cease|quit) (?:ever )?(?:${contact}|reach(?:ing)? out to|get in touch with|send(?:ing)?)(?:ing)?(?: to)? (?:me|us|my|our|this (?:address|inbox|person|company))(?! (?:back )?(?:until|till|before|by phone|on (?:my|the) (?:phone|mobile)|by (?:text|sms)|on weekends?|during|at home|about the))`,
      "(?:do not|don't|dont|never) (?:e-?mail|contact|write|message|mail|bother|follow[- ]?up|reach out|send (?:any|anything|these|this|more|further|another))(?: any(?:thing)?| to me| with me)?(?: (?:more|again|further|anymore|any more|any longer|in (?:the )?future))",
      '(?:stop|quit|cease|discontinue) (?:e-?mailing|mailing|contacting|writing|messaging|sending|spamming|bothering|harassing|pestering|reaching out|following up|these|those|all|the (?:e-?mails?|mails?|messages?|spam|follow-?ups?)|this (?:spam|e-?mail|mail)|your (?:e-?mails?|mails?|messages?|spam)|with (?:the|these|your) (?:e-?mails?|mails?|messages?|spam|follow-?ups?)|any (?:further|more))(?! (?:until|till|before))',
      `no (?:more|further|additional) (?:of (?:these|your|those) )?(?:e-?mails?|mails?|messages?|contact|correspondence|communications?|follow-?ups?|newsletters?|spam)`,
      `(?:no longer|not|don't|do not|dont|never)(?: \\w+)? (?:want|wanting|wish|wishing|like|care|need|willing|interested in)(?: to)? (?:be )?(?:receiv(?:e|ing)|get(?:ting)?|hear(?:ing)?|contacted|e-?mailed|mailed|messaged|subscribed|on (?:your|this|the)|your (?:e-?mails?|mails?|messages?|newsletters?)|these (?:e-?mails?|mails?|messages?)|any (?:more|further) (?:e-?mails?|mails?|messages?)|more (?:e-?mails?|mails?))`,
      `(?:prefer|rather) not (?:to )?(?:receive|get|be (?:contacted|e-?mailed|mailed))`,
      "(?:did not|didn't|never|haven't|have not) (?:give|given|gave|grant|granted)… (?:permission|consent)",
    ],
    unless: [
      "don't (?:mind|want you to stop)",
      'stop by',
      '(?:will|does|do|can|would|could) (?:your|the|it|this|that) (?:\\w+ )?(?:\\w+ )?(?:tool|software|product|system|platform|app|sequence|it)?\\b.{0,60}(?:stop|unsubscribe)',
    ],
  },
  {
    class: 'unsubscribe_request',
    when: [
      'unsubscribe (?:me|us|this (?:address|e-?mail|inbox)|my (?:e-?mail|address|account)|from (?:this|these|your|the|all))',
      `(?:take|remove|delete|drop|strike|scrub|erase|cross|pull|get) (?:me|us|my|our|this (?:e-?mail|address|inbox|contact|domain))\\b(?:(?! (?:time|to the|back|up on|a |some)).){0,40}?(?:off|from|out of|on|in)? ?(?:of )?(?:your|the|this|that|all|any)?… ?${list}`,
      '(?:take|get) (?:me|us) off',
      `(?:remove|delete|erase|wipe) (?:me|us)(?! (?:a|the|some) )`,
      `(?:remove|delete|erase|wipe|purge) (?:all )?(?:of )?(?:my|our|this) (?:name|names|e-?mail|mail|address|adress|adresses|addresses|e-?mail address|data|details|personal data|personal information|info|information|contact|contact details|contact data|record|records|account|entry)`,
      `(?:take|keep|leave) (?:my|our) … (?:off|out of) … ${list}`,
      `(?:off|from) (?:your|this|the|all|any) (?:mailing|e-?mail|distribution|contact|marketing|prospect(?:ing)?|sales) ?${list}`,
      `(?:want|wish|like|ask|asked|asking|request|requested|need|demand|prefer)(?: (?:you|twice|already|again|before|many times|several times|\\w+ times))* to (?:unsubscribe|opt[- ]?out|be (?:removed|taken off|unsubscribed|deleted|excluded|left alone|opted out)|get off (?:this|your|the))`,
      '(?:opt|opting|opted) (?:me |us |myself )?out(?: of)?',
      'how (?:do|can|could) (?:i|we) (?:unsubscribe|opt[- ]?out|get off|stop (?:this|these|receiving))(?! (?:people|contacts|users|leads|recipients|someone|somebody|customers|others))',
      'right to (?:be forgotten|erasure|object)',
      'lose my (?:e-?mail|number|address|contact)',
      'leave (?:me|us) alone',
      'add (?:me|us|my (?:address|e-?mail)|this (?:address|domain)|our domain) to your (?:suppression|do[- ]not[- ]contact|blacklist|block ?list|opt[- ]?out|exclusion)',
      'take this as (?:an|my) (?:opt[- ]?out|objection|unsubscribe)',
      'i (?:hereby )?(?:object to|withdraw|revoke)… (?:processing|consent|marketing|data|use of)',
      "(?:i|we)(?: have|'ve| had)?(?: already)? (?:unsubscribed|opted out)",
    ],
    unless: [
      'unsubscribe (?:people|contacts|leads|users|recipients)',
      'can (?:recipients|people|contacts|leads|users|they)',
    ],
  },
  {
    class: 'hostile',
    when: [
      '(?:go to hell|fuck|f\\*+k?|f\\*\\*\\*|fck|fuck(?:ing|ed|off)?|piss off|bugger off|sod off|screw (?:you|off)|get lost|get stuffed|shove it|bullshit|bs|crap|asshole|arsehole|bastards?|moron|morons|idiots?|imbecile|scum|scumbags?|scammers?|scam artists?|crooks?|fraudsters?|parasites?|losers?|pathetic|disgusting|disgraceful|shame on you|shameless|garbage|trash|drop dead|eat shit|shit|rot in hell|burn in hell)',
      '(?:my|our|a) (?:lawyers?|solicitors?|attorneys?|legal (?:team|counsel|department))(?! (?:firm|practice|software|clients?))… (?:will|contact|hear|letter|in touch|touch|sue|action)',
      '(?:sue|suing) you|legal action|(?:cease and desist)|see you in court|(?:hear|hearing) from (?:my|our) (?:lawyer|solicitor|attorney)s?',
      '(?:report|reported|reporting|complain|complaining|complaint)… (?:you|this|as spam|authorit|ico|ftc|police|regulator|data protection|spamhaus)',
      "how dare you|what (?:the hell|is wrong with you)|wtf|have you no shame|waste of (?:time|space|oxygen)|sick (?:and tired )?of (?:you|your|these|this)|fed up with (?:you|your|these|this)|(?:you|your) (?:people |lot )?(?:are|'re) (?:a |an |nothing but )?(?:spammers?|joke|disgrace|nuisance|liars?|stalk|harass|clown)",
      'never (?:ever )?(?:do|doing) business with you',
    ],
    unless: ['no (?:crap|bs|bullshit)'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:not|isn't|not really|never) (?:right )?now|not (?:just )?yet|not at (?:this|the) (?:time|moment|stage|point|present)|not (?:for|in) (?:the moment|now|this year|this quarter|the near|the foreseeable)|not this (?:year|quarter|month|week)|not today|not for now",
      "(?:bad|wrong|poor|not (?:a |the )?(?:good|great|best|right|ideal)) (?:time|timing|moment)|timing (?:is|was|seems)(?: \\w+)? (?:off|bad|wrong|poor|not (?:great|good|right|ideal))|timing (?:isn't|doesn't|does not)(?: \\w+)? (?:great|good|right|ideal|work)",
      '(?:check|reach|come|get|circle|touch|follow|try|ping|write|contact|ask|reconnect|talk|speak|e-?mail|call|connect|revisit|look|hit|nudge|remind|approach|knock|drop)(?: (?:me|us|back|out|in|base|up|again|it|this|a line|a note|this topic|with (?:me|us)|to (?:me|us)))* (?:again |then |later |back )?(?:in (?:a (?:few|couple)|\\d+|two|three|six|some|the (?:new year|fall|autumn|spring|summer|winter|(?:second|first|third|fourth) (?:half|quarter))|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|early|mid|late|20\\d\\d|about|next)|after|next (?:year|quarter|month|spring|summer|fall|autumn|winter|season|week)|later|at the (?:end|beginning|start)|around|once|when|towards|toward|at a later|some other time|another time)',
      '(?:maybe|perhaps|possibly|might|reconsider|revisit|reassess|re-evaluate|pick (?:this|it) up|open to (?:it|this)|look at (?:this|it)|consider (?:this|it))(?: \\w+){0,4} (?:later|next (?:year|quarter|month)|in (?:q[1-4]|january|february|march|april|may|june|july|august|september|october|november|december|the (?:new year|future|fall|autumn|spring|summer))|after|down the (?:road|line|track)|some ?(?:day|time)|again)',
      '(?:budget|budgets|spending|spend|hiring|purchas\\w+|investments?|projects?|everything)(?: \\w+){0,5} (?:frozen|freeze|gone|spent|exhausted|locked|used up|on hold|allocated|closed|paused|until)|(?:froze|frozen|freezing|paused|put)(?: \\w+){0,3} (?:spending|budgets?|purchas\\w+|hiring|projects?|on hold)|no budget (?:left|until|for this|this|right|at|currently|before)',
      "(?:not|isn't|aren't|won't be|no)(?: \\w+){0,3} (?:a |our |on our |top |the |high )?(?:priority|priorities|radar|agenda|roadmap)(?: \\w+){0,3} (?:right now|at the moment|before|until|this (?:year|quarter|month)|currently|for us before|now|at this)",
      '(?:too|very|super|extremely|crazy|swamped|really) (?:busy|swamped|slammed|stretched)|swamped|(?:hands|plate)(?: \\w+){0,2} full|up to (?:my|our) (?:neck|ears)|in the (?:middle|midst) of(?: \\w+){0,4}',
      '(?:under|in|locked into|locked in|tied|bound|committed)(?: \\w+){0,3} contract(?: \\w+){0,4} (?:until|till|through|ends?|expires?|up|for another)|contract(?: \\w+){0,5} (?:until|runs? (?:until|out|through)|expires?|renews?|is up|ends?)',
      '(?:after|before|until) (?:the )?(?:summer|holidays|christmas|new year|easter|merger|audit|acquisition|relaunch|year[- ]?end|q[1-4]|next (?:year|quarter))',
      'next (?:budget|fiscal|financial) (?:year|cycle|round)|(?:another|some other) time|(?:maybe|perhaps) later|on hold|put(?:ting)? (?:this|it|that) (?:off|on (?:hold|ice|the back burner))|back burner|parked|park (?:this|it)',
    ],
    unless: [
      'too busy to (?:read|be)',
      'not (?:a )?bad (?:timing|time|moment)',
      '(?:back|return)(?:ing)? (?:in|to) the office',
      'after (?:hours|you|lunch|that|\\d)',
      'by after',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:no,? thanks?|no,? thank you|no ty|nope|nah|thanks,? but no|thank you,? but no|no thx|not for (?:us|me)|not our thing|not my thing|hard pass|(?:i'll|we'll|i will|we will) pass(?! (?:it|this|that|on|along|your|the))|going to pass|gonna pass|have to pass|need to pass|must pass|pass on (?:this|it|that)|^pass$|^no$|^no way|no sorry|sorry no)(?: (?:please|thanks|thank you|sorry|way|but thanks))*(?: |$)",
      "(?:no|not have any|not have a|not any|don't have a|don't have any|don't see a|don't see any|don't see the|do not see the|do not see any|isn't any|hardly any|zero) (?:\\w+ )?(?:need|needs|use|demand|requirement|requirements|plans?|intention|intentions|desire|appetite|point|reason|value|benefit|interest|fit|use case)(?! (?:to rush|for a call|to (?:call|apologi[sz]e|hurry)))",
      "(?:don't|do not|dont|won't|will not|no longer|doesn't|does not|not|never|wouldn't|would not|cannot|can't|not going to|decided not to|decided against|chosen not to)(?: \\w+){0,2} (?:need|require|want|buy|purchase|see (?:the |any |a )?(?:value|need|fit|point|benefit)|think (?:so|it's|it is|this is|this would)|believe|outsource|use (?:this|such|external|these|any)|move forward|go forward|go ahead|proceed|pursue|continue|looking|look for|work (?:for|with) (?:us|external|outside|agencies|vendors(?! who| that| which))|convinced|buying|(?:switch|chang(?:e|ing)|switching)(?: (?:providers?|vendors?|tools?|anything|systems?|suppliers?))|moving forward|going ahead|proceeding|pursuing|in the market|be (?:moving|proceeding|needing|going|taking|pursuing)|take (?:you|this)|engage|apply|relevant|a (?:good |great |right )?(?:fit|match)|the right (?:fit|solution|product|match)|applicable|suitable|(?<!with )what we|something we|for us|of interest|our cup)",
      '(?:decided|opted|chose|going|gone|went|choosing|signed|selected|sticking|stick|staying|stay)(?: \\w+){0,2} (?:against|with (?:another|a different|someone|our|the|a competitor|what)|another|for (?:another|someone)|elsewhere|a different)',
      "(?:the )?answer (?:is|remains|stays|will be)(?: \\w+){0,2} no|(?:still|definitely|absolutely|firm|hard|again|simply|just|polite) no(?:$| )|(?:decline|declining|reject|refuse)(?: \\w+){0,4}|(?:give|giving) (?:this|it|that|you)(?: one)? a miss|doesn't (?:interest|appeal|apply)|does not (?:interest|appeal|apply)|not (?:our|my) cup of tea|wasting your time|save your (?:time|breath)|barking up the wrong tree|uninterested|disinterested",
      "(?:isn't|is not|not|wasn't|aren't|are not)(?: really| quite| actually)? (?:a |an |the |any )?(?:good |great |right |real |perfect |natural )?(?:fit|match|suitable|suited|applicable|relevant)",
      "too (?:expensive|pricey|costly)|(?:can't|cannot) (?:afford|justify)|out of (?:our )?(?:budget|price range)|no (?:money|budget)",
      '(?:company|business|we)(?: \\w+){0,2} (?:is|are|has been|have|being)(?: \\w+)? (?:closing down|shut down|shutting down|out of business|bankrupt|insolvent|winding down|ceased trading|dissolved)',
    ],
    unless: [
      'no need to (?:rush|worry|apologi[sz]e|hurry|call)',
      'no problem',
      'no worries',
      'no rush',
      'no doubt',
      'no question',
      'not only',
      "(?:if|unless) (?:it|this|that|you) (?:is|are|do|does)(?:n't| not)? ",
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: [
      "(?:we are|we're|i am|i'm|all) (?:all )?(?:set|good|covered|sorted|fine|happy(?:(?! to).)*(?:with|where))(?! (?:to|for (?:monday|tuesday|wednesday|thursday|friday|a call|tomorrow)|on (?:monday|tuesday)))",
      '(?:already|currently|we) (?:have|use|using|work(?:ing)? with|got|built|rolled out|signed|partnered|employ|doing this|do this|have got|own)(?: \\w+){0,3} (?:one|a |an |something|another|someone|solution|provider|vendor|partner|agency|tool|supplier|system|in-?house|in place|internally|ourselves|this|that|it|inhouse|team|software|competitor)',
      '(?:built|build|made|make|developed|develop|do|did|handle|doing|run)(?: \\w+){0,4} (?:in-?house|ourselves|internally|our own)|in-?house (?:team|solution|tool)',
    ],
    unless: ['(?:do|have) you already', 'already (?:unsubscribed|asked|told)', '(?:shall|should|can|could) we'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      "(?:appreciate|grateful|prefer|like|better|nice|happy)(?: it)? if you (?:stopped|would stop|could stop|would not|wouldn't|didn't|did not|don't|left|quit|ceased)(?: \\w+){0,3}",
      "(?:please |pls |and |just )(?:don't|do not|dont) (?:follow[- ]?up|reach out|write back|get in touch|reply|bother|chase|e-?mail|contact|write|send)(?: (?:again|anymore|any ?more|any further|further|me|us|to me|on this))*$",
      'enough (?:of (?:this|these|your|the) )?(?:e-?mails?|mails?|messages?|spam|follow-?ups?|already)',
      '(?:exclude|drop|strike|remove|leave|omit|take|delete|block|suppress) (?:me|us|my|our|this)(?: \\w+){0,3} (?:from|out of|off)(?: (?:any|all|your|the|this|these|future|further|every|other))*(?: \\w+)? (?:mailings?|e-?mails?|mails?|outreach|campaigns?|communications?|correspondence|messages|newsletters?|lists?|sequences?|contacts?|crm|database|records?|follow-?ups?)',
      '(?:exclude|remove|strike) (?:me|us|our \\w+) from your',
      '(?:refrain|desist|abstain) from (?:\\w+ )?(?:sending|contacting|e-?mailing|writing|messaging|mailing|reaching|communicat\\w+|further|any|all|future)',
      '(?:cease|stop|end|discontinue|no) (?:all |any |further |future )+(?:communications?|contact|correspondence|e-?mails?|outreach|messages|mailings?)',
      "(?:do not|don't|never) (?:use|sell|share|store|keep|process|hold) (?:my|our) (?:data|e-?mail|address|details|information)",
      "not (?:want to |wish to |to )?be (?:contacted|e-?mailed|mailed|messaged|bothered|approached)|(?:mark|marking|marked|flag|flagging|flagged) (?:you|this|it|your (?:e-?mails?|mails?|messages?|domain|address)) as (?:spam|junk)|(?:i'm|i am|i've|have|i'll|i will|we) block(?:ing|ed)? (?:you|your|this)",
      "(?:unsubscribe|opt out) (?:please|link|button|doesn't work|does not work|is broken|not working)|(?:your )?unsubscribe (?:link|button)(?: \\w+){0,3} (?:broken|work|missing)",
      "off (?:the|your|this) list(?: (?:please|now|thanks))*$|(?:i|we) (?:did not|didn't|never) (?:sign|signed) up(?: \\w+){0,4}$|(?:get|be|come|keep) (?:me |us )?off (?:of )?(?:your|this|the) (?:\\w+ )?list",
    ],
    unless: [
      '(?:will|does|do|can|would|could) (?:your|the|it|recipients|contacts|people)\\b',
      "don't (?:e-?mail|contact|reply)(?: \\w+)? (?:until|before)",
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      "harass(?:ment|ing|ed)?|where the sun|liars?|had (?:it|enough) (?:with|of|from) (?:you|your|this|these)|(?:call|calling|contact|contacting|inform|informing|involve|hear from|forward(?:ing)? (?:this|it) to) (?:my|our|a) (?:solicitors?|lawyers?|attorneys?|legal \\w+)|(?:stupid|dumb|clueless|brain-?dead|incompetent|creepy|sleazy|slimy|obnoxious|insulting|repulsive|vile|despicable|shady)(?: (?:people|company|spam|e-?mails?|mails?|pitch|tactics|person|man|woman|lot))?|shut up|(?:this|that|it|which)(?: is|'s) (?:just |pure |nothing but |blatant |clearly |plain )?(?:spam|harassment|a scam|illegal|bullying|stalking)|none of your (?:damn )?business|hope (?:you|your)(?: \\w+){0,3} (?:fail|fails|bankrupt|bust|burn|dies?|choke)|kiss my|bite me|up yours|jerks?|pests?|vultures?|bottom[- ]feeders?|leeches|worst (?:kind|company|e-?mail|people)|spam(?:ming)? (?:me|us|people|everyone)|pissed off|damn (?:spam|you|e-?mails?)|bloody (?:spam|e-?mails?|hell|nuisance|cheek)",
    ],
    unless: ["(?:isn't|not) (?:stupid|dumb|spam)", 'stupid question|dumb question'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "too (?:early|soon)|premature|(?:nothing|not|no (?:decisions?|changes?|purchases?|news?|time)) (?:before|until|till)|(?:get|come|circle) back to you (?:when|once|in|after|if|next|later)|(?:later on|keep in touch|stay in touch|down the (?:line|road|track)|at a later (?:date|stage|point|time)|some ?day|in (?:the )?future)|(?:hands|feet) (?:are )?tied|snowed under|(?:just|recently|only just) (?:signed (?!up)|renewed|launched|bought|started|switched|extended|committed|implemented)(?: \\w+){0,4}|renewed(?: \\w+){0,6} (?:year|months?|until)|mid-? ?(?:restructur\\w*|migration|merger|project|move|launch)|(?:restructuring|reorgani[sz]ing|reorgani[sz]ation|relocating|merging|moving offices)|(?:can't|cannot|won't|unable to|not able to)(?: \\w+){0,5} (?:until|till|before) |(?:next|another|new|coming) (?:year|financial year|fiscal year|quarter|budget|season)$|(?:maybe|perhaps|possibly|not) (?:in )?(?:next|the (?:spring|summer|autumn|fall|winter|new year))|in (?:a|another) (?:few|couple of) (?:months|quarters|years)|(?:try|ask|ping|chase|nudge|remind|contact|e-?mail|mail|write) (?:me|us|again) (?:in|after|next|from|around|towards|later|then|when|once|again)",
    ],
    unless: [
      'back (?:in|to) the office',
      'just (?:signed up|started using|launched .{0,30}(?:need|looking))',
      'in future (?:e-?mails|mailings)',
      "(?:not|n't) (?:contact|e-?mail|write).{0,20}(?:again|future)",
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:it's|it is|that's|that is|so|is|still) a (?:\\w+ )?no(?: from| for|$| )|(?:wasn't|weren't|not|isn't) (?:\\w+ )?(?:impressed|convinced|sold|persuaded|compelling|appealing|attractive|what we (?:need|want|are|were|do)|worth (?:it|our|my|the))|overkill|overpriced|over-?engineered|doubt (?:this|it|that|we|if|whether|your)(?: \\w+){0,3} (?:would|will|can|could|need|want|help)|^(?:i'll|we'll|i will|we will) leave it|not (?:something|anything|one) (?:we|i|that|for)|(?:we|i) (?:don't|do not|never) (?:do|use|buy|work with|deal with|respond to|entertain|take) (?:outbound|cold|this|such|that|these|any|outside|external|unsolicited|vendors?)|would never (?:use|buy|need|want)|(?:of )?no (?:use|value|benefit|relevance|interest)(?: to| for|$)|(?:nothing|little) (?:here|in it|that interests)|(?:not|never) going to happen|no can do|count (?:me|us) out|not on your life|hard no|not (?:for|in) our (?:industry|business|company|area|type|line|sector)|not our (?:market|business|industry|line)|does(?:n't| not) (?:fit|match|suit|work for us|help us|concern us|make sense|fly)(?: \\w+){0,3}|(?:happy|satisfied|content|pleased) (?:with (?:our|what|the current|who|how)|as we)",
    ],
    unless: [
      'not (?:happy|satisfied|content|pleased)',
      'unhappy',
      'not only',
      'doubt (?:it|this) (?:not|will take)',
      "isn't (?:it|this) worth",
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: [
      '(?:good|best of) luck(?: (?:with|elsewhere|to|anyway|though))?|wish you (?:well|luck|success|all the best|the best)|all the best (?:with|for)',
    ],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      "(?:i|we) want (?:off|out)(?: of)?(?: (?:this|your|the|all))?(?: \\w+)?|(?:want|like|wish|need) to (?:leave|exit|quit|get out of|get off|be off|come off) (?:this|your|the) (?:\\w+ )?(?:list|mailing|newsletter|sequence|distribution|campaign)|leave (?:me|us) (?:out of|off|be)|no (?:ads?|advertising|advertisements?|marketing|promotions?|solicitations?|soliciting|cold e-?mails?|sales e-?mails?)(?: (?:please|mails?|e-?mails?|messages?|here))*$|(?:no right|not allowed|not permitted|without (?:my )?(?:consent|permission)|illegal)(?: \\w+){0,3} (?:store|keep|hold|use|process|contact|e-?mail|mail|send|have)|(?:delete|erase|remove) (?:it|that|this|them|everything|all of it)(?: (?:please|now|immediately|at once))*$|how (?:i|we) (?:got|ended up) on (?:this|your)|(?:do not|don't|doesn't|does not) (?:want|wish|need)(?: \\w+){0,2} (?:these|this|your|any (?:more )?|further|such|unsolicited) (?:e-?mails?|mails?|messages|spam|newsletters?|contact)$|(?:do not|don't) wish to (?:be|receive|hear|get)|not (?:to )?(?:receive|get) (?:these|this|any|your|such|more)|(?:rid|free) of (?:these|your) (?:e-?mails?|mails?)|(?:please )?(?:lose|forget|drop) (?:this|my) (?:address|contact|number|e-?mail)|(?:permanently|kindly|please|immediately) (?:remove|unsubscribe|delete|opt)(?: (?:me|us|this|my))?|(?:write|mail|e-?mail|send|contact)(?: \\w+){0,4} (?:never )?again(?: (?:please|thanks))*$",
    ],
    unless: [
      '(?:will|does|do|can|would|could) (?:your|the|it|recipients|contacts|people|you (?:write|send|contact|mail|e-?mail))\\b',
      '(?:write|contact|mail|e-?mail|send)(?: \\w+){0,3} again (?:in|next|after|when|later)',
      '^(?:please |feel free to |do )?(?:write|contact|mail|e-?mail|send)(?: (?:me|us|it|this|that|the \\w+))* again',
      'remove it from the (?:quote|offer|cart|order)',
      "(?:don't|do not) need these (?:features|seats|licen)",
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:have to|has to|must|can|will|would|should) wait|wait (?:till|until|for)|budget(?:'s|s| is| are| was| has been)?(?: \\w+){0,3} (?:spent|gone|used|exhausted|closed|empty|frozen|allocated)|(?:remind|nudge|ping|contact|e-?mail|write|call|try|ask|chase)(?: \\w+){0,2} in \\w+ (?:weeks?|months?|quarters?)|(?:look|talk|discuss|think|revisit)(?: \\w+){0,3} again (?:at|in|after|next|later|towards|around|when|once)|(?:year|quarter|month|summer|autumn|spring|winter),? (?:perhaps|maybe|possibly)$",
    ],
    unless: ["can't wait (?:to|for)", 'waiting for your', 'no need to wait'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "never will|(?:it|this|that)(?:'s| is| isn't| is not)(?: really)? (?:not )?for (?:me|us)(?= ?$)(?<=(?:not|isn't|n't)(?: really)? for (?:me|us))|(?:not|never) (?:looking|planning|going|intending|about) to (?:change|switch|replace|add|buy|move|swap)|have people for (?:that|this)|no budget and no|decided against",
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:freeze|frozen|moratorium|halt|stop|pause)(?: on)?(?: \\w+){0,4} (?:suppliers?|vendors?|spend\\w*|purchas\\w+|tools?|software|projects?|budgets?|hiring|investments?|year|quarter)|rest of (?:the|this) (?:year|quarter)|(?:after|following|post) (?:the )?(?:summer|easter|christmas|spring|winter|holiday|vacation)(?: (?:break|holidays?|season|vacation))?|(?:busiest|busy|peak|high) (?:season|time|period|month)|(?:until|till|once|when|after) (?:it|things|this|we|that)(?:'ve| have|'re| are)? (?:calms?|settles?|quietens?|slows?|dies? down|moved|move|finished|finish|done|hired|completed|settled|grown|bigger)|(?:later|afterwards|down the line)$|come (?:later|after|afterwards)|first(?: and| then|,)|not (?:on|in) (?:the|our|my) (?:agenda|plan|plans|roadmap|budget|cards)(?: for| this| right| until)|perhaps (?:20\\d\\d|later|next|in)|maybe (?:20\\d\\d|later|next|in)|(?:not|no) (?:for|in|during) (?:20\\d\\d|the next|now|this)",
    ],
    unless: [
      'back (?:in|to) the office',
      'out of (?:the )?office',
      '(?:at )?first(?:,)? (?:i|we) (?:was|were|thought)',
      'demo first|call first|speak first|talk first|price first|pricing first',
      'stop (?:e-?mail|contact|send|writ)',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:have|need|going|gonna|got) to (?:say no|decline|pass|turn (?:this|it|you) down|refuse)|(?:isn't|is not|not|wouldn't be|nothing)(?: really)? (?:something|anything|a thing|what) (?:we'd|we would|we|i'd|i|that)|(?:chose|choose|picked|selected|went with|gone with|going with|opted for|prefer|preferred|bought from|signed with|stick with|sticking with|stay with|staying with) (?:a |an |another |our |the |one |someone |something )?(?:\\w+ )?(?:rival|competitor|vendor|provider|supplier|solution|product|tool|else|existing|current|partner|other|alternative|agency)|not a priority(?! (?:right|at|now|this|until|before|currently|for))|will not become|(?:can't|cannot|can not|aren't able to|unable to|not able to|not allowed to) (?:buy|purchase|use|accept|engage|work with|take)|(?:doesn't|does not|won't|wouldn't|didn't) (?:solve|help|add|bring|give|offer|change|do)(?: \\w+){0,4}|(?:couldn't|could not) be less interested|not keen|not (?:that|very|really|particularly|at all) (?:interested|keen|into)|(?:answer|decision|position|mind|opinion)(?: \\w+)? (?:hasn't|has not|isn't going to|won't|will not) (?:changed?|chang\\w+)|we(?:'re| are) (?:sorted|covered|fine|good|ok|okay|set|happy)(?: (?:thanks|thank you|as we are|here|already))*$|turn(?:ing)? (?:this|it|you) down|thanks but|(?:no|zero) (?:need|thanks|thank you|interest|plans|budget for this)(?: thanks| thank you| at all| whatsoever)*$",
    ],
    unless: [
      'not only',
      '(?:vendors?|suppliers?|companies|providers?) (?:who|that|which)',
      'no need to (?:rush|worry|apologi|call|hurry)',
      '(?:happy|good|great|fine) to',
      '(?:tuesday|monday|wednesday|thursday|friday)',
      'thanks but (?:can|could|what|how|when|where|is|do|does)',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      'drivel|rubbish|nonsense|blacklist(?:ed|ing)?|consequences|must be (?:kidding|joking)|(?:you|your)(?: \\w+)? (?:make me sick|should be ashamed|disgust)|(?:ai|bot|robot|chatgpt)[- ](?:generated|written|spam|slop|garbage|drivel)|get a (?:life|real job)|go away|crawl back|jump off|not your (?:friend|buddy)',
    ],
    unless: ['(?:no|avoid|without|any) consequences', 'not (?:nonsense|rubbish)'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      "(?:don't|do not|won't|not) (?:get|receive|see|hear) any(?: more)?(?: of (?:these|those|your|them))|(?:ended up|landed|got|am|i'm|is|are) on (?:one of )?your (?:\\w+ )?lists?",
    ],
    unless: ['glad|happy|pleased'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:none|nothing|neither)(?: \\w+){0,5} (?:relevant|interest\\w*|useful|suitable|applicable|appealing)|(?:we|i) (?:don't|do not) do (?:sales|marketing|outreach|outbound|any|anything)",
    ],
    unless: ['nothing (?:more|as) (?:interesting|useful)'],
  },
];
