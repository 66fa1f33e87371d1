import type { OptOuts } from './rules.ts';

const month =
  '(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)';
const season = '(?:spring|summer|autumn|fall|winter|easter|christmas|new year|holidays?|half-?term)';
const others =
  '(?:recipients?|customers?|clients?|users?|subscribers?|prospects?|people|leads|contacts|employees|members|readers|donors|students|patients|guests|they|someone|somebody|everyone|anyone|folks)';

export const englishOptOuts: OptOuts = {
  others: [
    '(?:removal|deletion|erasure|opt-?out|unsubscribe) requests',
    '(?:automatically|auto-?)(?: \\w+)?(?: \\S+){0,6}\\?$|(?:delet\\w+|remov\\w+|clean\\w*)(?: \\w+){0,3} (?:duplicates?|invalid|bounced|dead|inactive|old)',
    '(?:manag\\w+|handl\\w+|track\\w*|process\\w*|report\\w*|sync\\w*)(?: \\w+){0,3} (?:unsubscri\\w+|opt-?outs?)',
    `${others}(?: \\w+){0,6} (?:unsubscrib\\w+|opt(?:ing|s|ed)?[- ]?out|be (?:removed|deleted)|off the list)`,
    `(?:unsubscrib\\w+|opt(?:ing|s|ed)?[- ]?out)(?: \\w+){0,2} (?:by|of|for) (?:our|your|their|the) ${others}|(?:unsubscrib\\w+|opt(?:ing|s|ed)?[- ]?out)(?: \\w+)? (?:of|from|on|to) our (?:\\w+ )?(?:newsletters?|lists?|mailings?|e-?mails?|campaigns?)`,
    '(?:too many|so many|how many|lots of|a lot of|many|more|fewer|less|high|the number of|our|your) (?:\\w+ )?(?:unsubscribes|opt-?outs|unsubscribers|unsubscriptions)',
    '(?:unsubscribe|unsubscribing|opt[- ]?out|churn|unsubscription) (?:rates?|numbers?|figures?|handling|headers?|process|features?|functions?|functionality|flow|management|compliance|rules|reasons)|list-unsubscribe',
    '(?:can|could|may|am|are) (?:i|we|you|one)(?: \\w+){0,4} (?:cancel|stop|pause|quit|end|leave|unsubscribe)(?: \\w+){0,6} (?:any ?time|monthly|each month|without)',
    '(?:cancel|stop|pause|end)(?: \\w+){0,3} (?:subscription|plan|trial|licen[cs]e|contract|digest|membership)(?: \\S+){0,8}\\?$',
    '(?:is|are|do|does|did|will|when|how|who|where|what|can)(?: \\S+){0,8} (?:deletes?|deleted|deletion|erased?|removed?|purged?|wiped?|charg\\w+|bill\\w+)(?: \\S+){0,10}\\?$',
    `(?:our|my) (?:sdrs?|reps?|sales\\w*|team|people|staff|agency|vendor|system|tool)(?: \\w+){0,4} (?:stop|stops|stopped|quit)`,
  ],
  own: [
    '(?<!without )(?:delete|remove|close|erase) (?:my|our) (?:\\w+ )?account',
    '(?:can|could|would|will) you (?:please |kindly )?(?:delete|remove|erase) (?:the|all|any) (?:data|details|records?|information) (?:you|held|about|on)',
    '(?:unsubscribe|remove|delete|take|erase|get|keep|leave|drop|strike|exclude|opt|contact|contacting|e-?mail|e-?mailing|mail|mailing|write|writing|send|sending|bother|bothering|message|messaging|spam|spamming)(?: to)? (?:me|us)(?! (?:an?|the|some|more|details|info\\w*|pricing|prices|your|over|one|that|what)\\b)',
    "(?:my|our) (?:own |work |business |personal )?(?:name|e-?mails?|mail|address|data|details|inbox|contact|information|domain|company)(?!'s|s? (?:newsletters?|lists?|campaigns?|marketing|program|tools?|provider|system|customers|recipients))",
    'this (?:e-?mail|address|inbox|mailbox|contact|account)',
    "(?:can|could|may|should|how do) (?:i|we) (?:be|get|unsubscribe|opt)|(?:i|we)(?:'d| would)? (?:want|wish|like|need|asked|ask|prefer)(?: \\w+){0,3} (?:unsubscribe\\w*|opt\\w*|removed|off|out)",
    'take this as|i hereby|right to',
  ],
  later: [
    `(?:until|till|before|prior to)(?: (?:the|end|start|beginning|middle|early|late|mid|of|at least|about|around|our|after|next|this|coming|sometime|in))* (?:${month}|${season}|q[1-4]|quarter|year|month|week|monday|tuesday|wednesday|thursday|friday|mid-?\\w+|budget|20\\d\\d|\\d{1,2})`,
    '(?:until|till) (?:after|we|our|i|the (?!end of time)|then|things)|hold off|for now|for the (?:time being|next)',
  ],
  removal: [
    'unsubscrib\\w*|opt(?:ing|ed)?[- ]?(?:me |us )?out|remov\\w+|delet\\w+|eras\\w+|lists?|off (?:your|the|this)|forever|permanently|ever|never|spam\\w*|report\\w*',
  ],
  contrary: [
    "(?:not|don't|do not)(?: \\w+){0,4} to (?:me|us),? (?:but|send|write|e-?mail|try|ask)",
    "(?<!you )(?<!they )(?<!just )(?:don't|do not|dont) (?:stop|cease|quit)(?! (?:e-?mailing|sending|spamming|until)\\b(?!.{0,30}(?:yet|now|me)))",
    '(?:stopped|stop|not|no longer|never) (?:receiv\\w+|getting|gotten|arriv\\w+|reach\\w+|got)(?: \\w+){0,6} (?:invit\\w+|login|password|confirmation|reset|link|access|from your (?:system|platform|tool|server|app))',
  ],
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        'how (?:do|does|can|could) (?:i|we|one) (?:unsubscribe|opt[- ]?out|get off)',
        '(?:put|pop|add|place|stick|enter) (?:me|us|my \\w+|our \\w+|this \\w+)(?: \\w+)? (?:on|to|in|into) (?:your|the|a) (?:\\S+ )?(?:do[- ]not[- ](?:contact|e-?mail|call|mail)|suppression|block|exclusion|opt[- ]?out|no-?contact|black)[- ]?(?:list)?',
        '(?:get|take|leave|keep|cross|strike|drop|remove)(?:s|ing)? (?:me|us|my \\w+|our \\w+)(?: \\w+)? (?:off|out of)(?: of)? (?:this|it|that|there|these|your)(?: (?:thing|stuff|list|whole thing|one|radar|rotation|loop))?',
        '(?:forget|lose|ditch|bin|drop|scrap|discard) (?:about )?(?:this|my|our|that) (?:\\w+ )?(?:address|e-?mail|inbox|contact|number|name)(?: exists| existed)?',
        '(?:no longer|not|never)(?: \\w+){0,3} (?:be|appear|figure|feature|remain|stay|see me|have me)(?: \\w+)? (?:among|amongst|on|in) (?:your|the|any|this) (?:\\w+ )?(?:recipients?|lists?|mailings?|database|contacts|distribution|files|records)',
        "(?:keep|stay|out)(?: \\w+){0,2} out of my (?:inbox|mailbox)|(?:not|don't)(?: \\w+){0,6} in my (?:inbox|mailbox)|(?:going|from now on|in future|next time|henceforth) without me",
        '(?:make|made) (?:it|this|them|these) stop(?: please| now)*$|(?:direct|unsolicited|cold|these|such)(?: \\w+)? (?:e-?mails?|mails?|messages?|approaches)(?: \\w+){0,6} (?:should|must|has to|have to|need to|needs to) (?:stop|cease|end)',
        '(?:asked|told|requested|begged)(?: \\w+){0,5} (?:to )?(?:get|take|remove|drop|leave|stop|delete)(?: \\w+)? (?:me|us|our \\w+|my \\w+)',
        "(?:make sure|ensure|see to it|arrange|check) (?:that )?(?:i'm|i am|i|we're|we are|we|my \\w+|our \\w+|this \\w+) (?:not|no longer|never|isn't|aren't|don't|won't|is not|are not|is no longer|am not|am no longer)(?: \\w+){0,4} (?:included|contacted|e-?mailed|mailed|messaged|listed|on|part of|receive|receiving|get|getting|hear)",
        "(?:not|don't|never) (?:include|involve|add|put|enter|list) (?:me|us|my \\w+|our \\w+|this (?:address|e-?mail|company))(?: \\w+){0,2} (?:in|to|on|into)(?: (?:any|your|the|further|future|more|these|such|other))* (?:\\w+ )?(?:mailings?|e-?mails?|campaigns?|outreach|lists?|sequences?|newsletters?|distribution|follow-?ups?|rounds?)",
        '(?:inbox|mailbox|address|e-?mail|account|line)(?: \\w+)? (?:is|exists|was set up)(?: \\w+){0,2} (?:for|only|solely|exclusively|strictly|reserved)(?: \\S+){0,8} (?:only|not|no|never|and)(?: \\w+){0,4} (?:solicit\\w*|sales|advertis\\w*|marketing|promotion\\w*|pitches|offers|spam)',
        "(?:not|don't|never) (?:use|abuse) (?:it|this|that|this (?:address|inbox|mailbox|e-?mail|account)|my \\w+|our \\w+)(?: \\w+)? (?:for|to)(?: \\w+){0,2} (?:solicit\\w*|sales|advertis\\w*|marketing|promotion\\w*|pitch\\w*|spam\\w*|sell\\w*|cold \\w+|outreach)",
        "(?:not|don't|never)(?: \\w+){0,2} (?:accept|want|wish for|welcome|allow|permit|tolerate|consent to|agree to|agreed to|appreciate|entertain)(?: (?:any|to|receiv\\w+|get\\w*|such|this|these|your|more))* (?:unsolicited|unwanted|cold|commercial|marketing|advertising|promotional|sales|solicitation\\w*|advertis\\w*|spam)(?: (?:e-?mails?|mails?|messages?|offers?|approaches|contact|outreach|pitches|material|here))*$",
        '(?:if|next|another|any (?:more|further|other)|one more|once more|again|further|future|keep|continue)(?: \\S+){0,8} (?:e-?mail\\w*|mail\\w*|messages?|messag\\w+|writ\\w+|contact\\w*|hear|sending|spam\\w*|domain)(?: \\S+){0,9} (?:report\\w*|complain\\w*|complaint|lawyer|solicitor|attorney|sue|legal|block\\w*|authorit\\w+|ico|ftc|regulator|police|invoice|fine)',
        '(?:report|complain|sue|block|invoice|legal action)(?: \\S+){0,8} (?:if|should|unless|when) (?:you|i|we|this|the)(?: \\S+){0,6} (?:e-?mails?|mails?|messages?|write|contact|again|stop\\w*|continu\\w+|remov\\w+)',
        'cease and desist|can-?spam|pecr|casl|(?:unsolicited|unrequested|cold) (?:\\w+ ){0,2}(?:e-?mails?|mails?|advertis\\w+|marketing|messages?)(?: \\S+){0,6} (?:illegal|unlawful|prohibited|forbidden|not (?:permitted|allowed|legal)|against the law|violat\\w+|breach\\w*)',
        'uns(?:ub|bu|u)[scirb]{3,8}e?(?:[ds]|ing)?(?: me| us)?(?: please| pls| now| thanks)*$',
        '(?:take|remove|strike|drop|scratch|delete|cross|pull|wipe|scrub) (?:me|us|my name|our name|my details|our details|this name)(?: \\w+){0,2} (?:off|from|out of)(?: (?:your|the|this|these|all|any))* (?:\\w+ )?(?:books?|records?|files?|campaigns?|database|crm|system|rotation|cadence|radar|outreach)',
        "(?:leave|consider) (?:this|it|the) (?:thread|conversation|correspondence|matter) (?:closed|finished|over|ended)(?: \\S+){0,3} (?:don't|do not|never|no) ",
        '(?:enough|stop|quit|done|tired|sick|no more)(?: \\w+){0,3} (?:with|of) (?:the|these|your|all the|those) (?:constant |endless |many )?(?:follow[- ]?ups?|e-?mails?|mails?|messages?|reminders|nudges|bumps)',
      ],
    },
  ],
};
