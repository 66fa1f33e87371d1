import type { LanguageRules, Rule } from './rules.ts';

const department =
  '(?:headquarters|head office|hq|the group|our parent(?: company)?|the parent(?: company)?|procurement|purchasing|finance|accounting|(?:the|our) it|it department|hr|legal|marketing|sales|operations|management|our (?:agency|franchisor|owner|landlord))';

/** What English speakers say without the words that the other rules look for. */
export const englishHints: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:appreciate|prefer|like|love|rather|grateful for|happier|thank you for) (?:it )?not (?:to )?(?:be )?(?:receiv|get|hear|contact|e-?mail|mail|bother|writ)\\w*',
      '(?:strike|scratch|cross|tick|knock|write) (?:me|us|my \\w+) off',
      '(?:asked|told|requested|begged|warned|written to) you(?: \\w+){0,4} (?:to stop|to remove|to unsubscribe|to leave|to delete|not to)|(?:please|to|and|just|now|already|kindly) stop$|make (?:it|this|them|these|that) stop',
      `(?:block|blacklist|suppress|blocklist|exclude) (?:me|us|my|our|this)(?: \\w+){0,4}|(?:block|blacklist|suppression|exclusion|opt-out) ?list|do-not-(?:contact|e-?mail|mail|call)`,
      "(?:don't|do not|never|stop|stopped|not) (?:us(?:e|ing)|be used|misuse|misusing) (?:it|this|that|my|our|this address|private|personal)(?: \\w+){0,4} (?:for|to) (?:your |any |such )?(?:ads?|adverti\\w+|marketing|promotion\\w*|commercial|sales|campaigns?|newsletters?|spam|these)",
      '(?:delet|remov|eras|forget|wip|purg|destroy|tak)(?:e|ing|ting|s)? (?:all )?(?:of )?(?:my|our|this|these) (?:\\w+ ){0,2}(?:e-?mail|mail|address|data|details|information|name|contact|record|records|profile|account|number)s?',
      '(?:cancel|end|terminate|stop|undo|discontinue)(?:ling|ing)? (?:my|our|this|the|any) (?:e-?mail |newsletter |mailing )?(?:subscriptions?|registrations?|sign-?up|memberships?|newsletters?|mailings?|sequence)',
      '(?:data protection|gdpr|ccpa|can-?spam|privacy|e-?privacy)(?: \\w+){0,8} (?:delet\\w+|remov\\w+|eras\\w+|forg\\w+|object\\w*|opt|stop|unsubscrib\\w+)|(?:article|art\\.?) ?(?:17|21)\\b|right (?:to|of) (?:object|erasure|be forgotten|deletion)',
      "(?:withdraw|revoke|withdrawing|revoking)(?: \\w+){0,3} (?:consent|permission|agreement|subscription)|(?:never|not|didn't|haven't|hasn't|no) (?:\\w+ )?(?:ask(?:ed)? (?:for|to)|consent(?:ed)?(?: to)?|agreed? to|subscribed?(?: to)?|request(?:ed)?|sign(?:ed)? up for|opt(?:ed)? in)(?: \\w+){0,2} (?:this|these|your|any|be|receive|get|it|you|e-?mails?|mails?|newsletter)",
      "(?:not|never|no longer|don't|do not)(?: \\w+)? (?:welcome|wanted|appreciate|want|need)(?: \\w+){0,2} (?:e-?mails?|mails|messages|newsletters?|mailings?|spam|correspondence|follow-?ups?)(?: from you)?",
      '(?:no|without) (?:further|more|additional|future|other) (?:e-?mails?|mails?|messages?|contact|reminders?|follow-?ups?|correspondence|communications?|approaches|outreach|attempts)|nothing (?:more|further|else) from you|no need to (?:follow up|write|contact|e-?mail|message|reach out|chase)(?: (?:me|us|this|on this))? (?:again|further|any ?more|any further)|never (?:to )?(?:hear|want to hear|wish to hear)(?: \\w+)? from you|(?:done|finished) (?:receiving|getting|with your)|(?:fewer|less|zero) (?:of these|of your|e-?mails? from)',
      '(?:^| )(?:unsubscribe|unsubscribing|unsubscribed|unsub|opt out|opt-out|optout)(?:$|[ ,.!:]+(?:please|me|us|now|thanks|this|my|from|at once|immediately|asap))',
      '(?:getting|receiving|get|receive|sent|got)(?: \\w+){0,3} (?:too many|far too many|way too many)(?: \\w+){0,4}|(?:take|get|want|keep|leave|remove) (?:my|our) (?:\\w+ ){0,3}(?:off|out of)(?: \\w+){0,4}|(?:off|from|out of) your (?:\\w+ ){0,2}(?:list|lists|database|system|records|crm|books|files|mailings?|campaigns?|radar|sequence)',
      '(?:please|kindly|do|just|simply) (?:remove|unsubscribe|delete|drop|exclude)(?: (?:me|us|this|my|our))?(?: \\w+){0,3}$|(?:may|can|should|could|must) (?:please )?(?:remove|unsubscribe|delete|drop|exclude) (?:me|us)',
      '(?:stop|cease|quit|discontinue) (?:trying to )?(?:contact|e-?mail|messag|writ|approach|reach|chas|pester|mail|send|follow|bother|target|solicit)\\w*(?: \\w+){0,4}',
      '(?:delet|remov|eras|wip|purg)(?:e|ing) (?:all|any|everything|whatever)(?: \\w+){0,6} (?:me|us|my|our)|(?:wish|want|ask|request|choose|prefer|like)(?:ed)? (?:you )?(?:not|never) to (?:receive|get|be|send|e-?mail|contact|write)(?: \\w+){0,4}|take (?:us|me|our \\w+) (?:out|off)(?: of)?(?: \\w+){0,4}$|(?:end|close) (?:this|the) (?:conversation|correspondence|thread|sequence)(?: here)?$|^(?:please )?end (?:this|it|these)(?: please| now)*$',
    ],
    unless: [
      '(?:will|does|do|can|would|could|how do|how does) (?:your|the|it|recipients|contacts|people|leads|users|customers|they)\\b',
      "stop by|stop over|stop at|stop in|non-?stop|stop (?:them|people|us|bounces?|spam|churn) (?:from)|(?:don't|doesn't|can't|never|won't) stop|stopped using|stop using|stop doing",
      "(?:don't|do not) (?:stop|block|remove)|block (?:out )?(?:time|my (?:calendar|diary)|the (?:time|date|slot))|block (?:an|half)",
      'until|till |before (?:next|january|february|march|april|may|june|july|august|september|october|november|december|the)',
      'nothing (?:more|further) from you is (?:needed|required)',
      '(?:take|remove|delete|drop|cross|strike) (?:him|her|them|his|their|this person|that person)\\b',
      'rather not (?:get|be|have)(?: \\w+)? (?:a call|on a call|called)',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      "(?:i )?hope (?:your|you|this) (?:\\w+ ){0,2}(?:goes|go|fails?|crash\\w*|burns?|rots?|chokes?|gets? (?:shut|sued|fined|banned))|^shove|stick (?:it|your|this)(?: \\w+){0,4} (?:up|where)|(?:will|'ll|going to|gonna) (?:sue|prosecute|report|take (?:you|this) to court)|bunch of (?!(?:questions|people|tools|options|other|leads|emails|accounts|customers|ideas|flowers|guys in)\\b)\\w+|impertinen\\w+|(?:expect|await)(?: \\w+){0,4} (?:lawyers?|solicitors?|attorneys?|court|police)|should be (?:banned|locked up|jailed|ashamed|in (?:prison|jail)|shut down|fired|prosecuted|fined)|(?:you|your)(?: \\w+)? (?:lot |people |kind |company )?(?:are|is|'re|make)(?: \\w+){0,2} (?:disgrace|disgraceful|joke|nuisance|pest|parasites?|worst|idiots?|annoying|spammers?|ridiculous|liars?|criminals?|thieves|leech\\w*|sick|vermin|useless|insufferable|a plague|an embarrassment)|(?:utter|absolute|total|complete|pure) (?:rubbish|garbage|nonsense|crap|tosh|joke|disgrace|bollocks|trash)|(?:eat|choke on) (?:dirt|it|my)|how (?:stupid|dumb|desperate|thick|dense) (?:are|do|can)|are you (?:\\w+ )?(?:stupid|deaf|dense|thick|blind|insane|out of your mind|mental|kidding)|(?:can't|cannot|don't) you (?:read|take a hint|people read|understand)|what part of|take a hint|nobody (?:likes|wants|asked)(?: \\w+)? you|spam (?:scum|merchants?|factory|king|artist)|(?:go|get) (?:away|stuffed|lost|bent)|^(?:moron|idiot|idiots|spammer|spammers|clown|clowns|loser|losers|scammer|creep|creeps|pathetic|disgusting|cretin|cretins)$",
      '(?:report|reported|reporting|complain\\w*|complaint)(?: \\w+){0,5} (?:to|with|about)(?: \\w+){0,3} (?:ico|ftc|bbb|police|regulator|authorit\\w+|google|microsoft|your (?:isp|host|provider|boss|hosting)|spamcop|spamhaus|abuse)',
    ],
    unless: ['(?:stupid|dumb) (?:question|of me)', "(?:isn't|not) (?:stupid|rubbish|useless)"],
  },
  {
    class: 'left_company',
    fixed: true,
    when: [
      '^(?!(?:we|you|it|that|i|nothing|what|who|not|no|only|she just|he just)\\b)(?:\\w+\\.? )?[a-z]+ (?:left|departed|quit|resigned|retired|finished)(?: (?:us|here|the (?:company|firm|business)))?(?: (?:in|on|last|this|at the end|back in|as of|by the end|during|a (?:few|couple)|some|two|three|\\d+|recently|already|earlier|for good)(?: \\w+){0,4})?$',
      "(?:has|have|'ve|'s|had) (?:since |recently |now )?(?:taken up|taken on|taken|accepted|started|found|got)(?: \\w+)? (?:a |an |her |his |another )?(?:new |different )?(?:position|job|role|post|opportunity|challenge)|(?:gone|went|going) into retirement|(?:finished|ended|wrapped up)(?: \\w+){0,2} (?:at|with) (?!(?:this|that|the (?:project|meeting|demo))\\b)\\w+(?: last| in| at the| on| two| a )",
      '(?:my|his|her|their) (?:contract|employment|time|tenure|assignment|internship|appointment|mandate|secondment)(?: \\w+){0,3} (?:ended|finished|expired|was terminated|came to an end|has ended|ends|is over|has finished)',
      "(?:don't|doesn't|do not|does not|didn't|no longer) work(?:s|ing)? there|not (?:been )?(?:there|with (?:them|that company|the company|acme)) (?:any ?more|any longer|since|for)|(?:new job|new role|new position|new employer)(?: \\w+)? (?:at|with|since|as of|elsewhere)|(?:is|am|'m|was|has been|are)(?: \\w+)? no longer (?:employed|an? (?:employee|member)|on (?:the|our) (?:payroll|staff|team)|with|at|around|there)|(?:has|have) (?:sadly |unfortunately )?(?:died|passed)|parted (?:ways|company)|let (?:him|her|them) go|moved on from|(?:nobody|no one|no-one) (?:called|named|by|with)|(?:employee|colleague|person|recipient|user|addressee|owner)(?: \\w+){0,5} (?:has left|left|gone|departed|retired|resigned|no longer)",
    ],
    unless: [
      'left (?:the office|a |an |me|you|my|some|no |it|them|unsaid|over|out|off|behind|to (?:do|say|spend))',
      'budget left|time left|money left|nothing left',
      'next (?:job|role)|looking for a new job',
      'if (?:he|she|they)',
      'contract (?:with|for) (?:our|the|another|a)',
    ],
  },
  {
    class: 'wrong_person',
    fixed: true,
    when: [
      "(?:that|this|it|these|such things|those)(?:'s| is| are| would be|'d be| falls?)(?: \\w+){0,2} (?:[a-z]+'s|his|her|their|someone else's|somebody else's) (?:job|area|department|thing|call|decision|baby|desk|responsibility|remit|domain|field|territory|turf|topic|world|patch)",
      `(?:have|has|had|got) (?:absolutely )?(?:nothing|little) to do with (?:this|that|it|the|any|our|marketing|sales|it|purchasing|buying|procurement|${department})`,
      "(?:mistaken|mistaking|confused|confusing|mixed|mixing|muddled) (?:me|us)(?: up)? (?:for|with)|(?:mixed|mixing) up|(?:different|another|other) (?:company|business|firm|person|organi[sz]ation|\\w+ \\w+)(?: \\w+){0,2} (?:similar|same) name|(?:same|similar) name|you(?:'ve| have)? (?:got|have|reached|mean|meant|want)(?: \\w+)? (?:the )?wrong|namesake|(?:contact|write to|write|speak to|speak with|talk to|ask|see|try|e-?mail|address|approach) (?:mr|mrs|ms|miss|dr|prof)\\.? [a-z]+|(?:not|isn't|wasn't) the (?:\\w+ )?(?:address|place|mailbox|inbox|channel|number|forum) for|(?:is|would be) your (?:man|woman|guy|girl|contact|best bet|person|go-to)|(?:^|, )(?:just |please |better |maybe )?ask (?!(?:me|us|you|again|yourself|for|about|them|how|why|what|if)\\b)[a-z]+(?: [a-z]+)?$|(?:i|we) (?:only )?(?:look after|do|handle|run|work in|deal with|am in|manage|cover) (?:the )?[a-z]+(?: [a-z]+)?, not [a-z]+",
      'no longer (?:in|on|doing|hold|have|holding) (?:that|this|the|my)(?: \\w+)? (?:role|position|team|job|department|capacity|post)|(?:took|taken|taking|takes) over (?:from me|this|that|it|my|the)|(?:hand|handing|handed) you (?:over |on )?to (?!(?:me|us|you)\\b)[a-z]+',
      `${department} (?:\\w+ ){0,3}?(?:buys?|decides?|handles?|does|do|choos\\w+|approves?|signs?|selects?|purchases?|manages?|orders?|takes? care|makes? (?:all|the|these|those|such|that)|owns?|runs?|determines?|picks?|looks? after|deals?)`,
      "(?:person|man|woman|one|guy|colleague|lady|contact) (?:that )?you(?:'re| are|'d| would)? (?:looking for|want|need|after|seeking|should|trying to)",
      "(?:don't|do not|not|no|hardly|have no|without|haven't)(?: \\w+){0,2} (?:say|influence|authority|vote|budget|power|involvement|decision)(?: \\w+)? (?:in|on|over|about|for) (?:that|this|it|the|such|these|what|which)|(?:have|has|need|you'll have|would have) to (?:ask|go through|run it by|check with|speak with|talk to) (?:my|our|the) (?:boss|manager|director|owner|husband|wife|partner|superior|supervisor|board|ceo|cfo|cto)",
      "(?:why|no idea why|don't know why|not sure why|unsure why)(?: \\w+){0,3} (?:write|writing|wrote|contact\\w*|e-?mail\\w*|send|sent|ask\\w*|get|got|came)(?: \\w+){0,3} (?:to me|me|this)(?: \\w+){0,3}|^(?:hi,? )?i(?:'m| am) (?:a|an|just a|only a|just the|only the) (?:\\w+ )?(?:nurse|teacher|dentist|student|driver|cook|chef|pensioner|doctor|mechanic|musician|artist|priest|lawyer|waiter|gardener|carpenter|retiree|cleaner|clerk|janitor|caretaker|trainee|secretary|receptionist)",
      '(?:please )?use \\S+@\\S+|(?:proposals?|offers?|enquiries|inquiries|requests?|pitches|that|this)(?: \\w+){0,4} (?:should|must|go|goes|can|need)(?: \\w+){0,3} to \\S+@\\S+|(?:has|have) (?:a |the )?(?:new )?(?:owner|buyer|decision[- ]maker)(?: is)?|(?:subsidiary|branch|franchise|franchisee|local office)(?: \\w+){0,6} (?:headquarters|head office|hq|parent|group|centrally|decides?|buys?)|(?:decided|bought|purchased|managed|handled|organi[sz]ed|chosen|sourced) (?:centrally|globally|at group level|by (?:our|the) (?:parent|group|head|hq|board|owner|it|central))',
    ],
    unless: [
      '(?:urgent|urgently|in my absence|during my absence|emergency|while i)',
      'nothing to do with (?:you|your|price|money|the price)',
      "(?:send|share|forward|pass)(?: \\w+){0,5} (?:and|i'll|i will|that i|which i|so i|so that i|to pass|i can)",
      '(?:this|that)(?: \\w+)? (?:has been|was|been) forwarded (?:automatically)',
      'wrong (?:time|moment)',
      'call me',
      '^(?:please |pls |can you |could you |kindly )?(?:forward|send|share)(?: me| us)',
    ],
  },
  {
    class: 'wrong_person',
    fixed: true,
    weak: true,
    when: [
      '(?:loop|looping|looped|bring|bringing|cc|ccing|adding|added|copying|copied|including|introducing|tagging|putting) (?:in )?(?!(?:this|it|you|me|us|some|the|a|an|value|up|insult|features?|more|to)\\b)[a-z]+(?: [a-z]+)?(?:,? (?:who|our|from|in|here|because|he|she|as)\\b| \\()',
      '(?:forward|pass|share|sent|send|relay|rout|hand|direct|redirect|giv)\\w*(?: \\w+){0,6} (?:to|with) (?:the|our|my|a|their) (?:\\w+ ){0,2}(?:team|department|person|people|colleagues?|manager|director|boss|responsible|office|division|unit|buyer|head|lead)(?: (?:responsible|in charge|concerned|who))?',
    ],
    unless: [
      '(?:urgent|urgently|in my absence|emergency|while i)',
      "(?:send|share|forward|pass)(?: \\w+){0,5} (?:and|i'll|i will|that i|which i|so i|so that i|to pass|i can)",
      '(?:this|that)(?: \\w+)? (?:has been|was|been) forwarded (?:automatically)',
      '^(?:please |pls |can you |could you |kindly )?(?:forward|send|share)(?: me| us)',
    ],
  },
  {
    class: 'auto_reply',
    fixed: true,
    when: [
      "(?:one|someone|somebody|a member|members|an agent|a colleague|an advisor|a representative|staff) (?:of|from|in) (?:our|the) (?:\\w+ )?(?:team|staff|department)(?: \\w+)? (?:will|shall|is going to|'ll)",
      "(?:we|we've|i've|i have)(?: have)? (?:got|received|gotten|had) your (?:message|e-?mail|mail|request|note|enquiry|inquiry|submission|form)(?! (?:and (?:we're|we are|i'm|are|am|it|think|would|i'd)|but|about|yesterday|regarding|thanks|three|twice))",
      '(?:only|just) (?:check|read|answer|look at|process|open) (?:my |this |the |our |these )?(?:e-?mails?|mails?|inbox|mailbox|messages)|(?:check|read|answer|process)(?:ed|ing)? (?:my |this |the )?(?:e-?mails?|mails?|inbox|mailbox|messages)(?: \\w+)? (?:once|twice|at|between|every|three times|in the (?:morning|evening)|during)|(?:inbox|mailbox|mail|e-?mail) is (?:only )?(?:checked|read|monitored|answered|opened)',
      '(?:thank you|thanks) for (?:your |the )?(?:application|submission|applying|registering|order|booking|feedback form|request|enquiry|inquiry|purchase)(?! and i)|(?:shortlisted|your application)',
      "(?:is|are|was|were|has been|have been|being) (?:held|quarantined|blocked|queued|paused|pending|waiting)(?: \\w+){0,4} (?:because|until|as|for|in|pending|approval)|(?:confirm|verify|prove) (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot|person|real)|approved senders?|(?:challenge|sender)[- ](?:response|verification)|(?:white|allow)-?list(?:ed)?",
      "(?:can't|cannot|can not|unable to|not able to|won't be able to) (?:answer|reply|respond)(?: to)?(?: \\w+){0,2} (?:every|all|each|individually|personally|messages|e-?mails)|(?:large|high|huge|unusual\\w*|great|increased)(?: \\w+)? (?:number|volume|amount|influx) of|(?:for|to get) (?:faster|quicker|immediate) (?:service|assistance|support|help|response)|(?:was|is|been) sent automatically|automatic (?:message|mail|e-?mail|notice|answer)|autoresponder|auto-?generated",
      "(?:has been|was|been) received by(?: \\w+){0,4}|expect (?:an answer|a reply|a response|to hear|our (?:reply|answer|response))(?: \\w+){0,3} within|confirmation that(?: \\w+){0,3} (?:e-?mail|message|request|mail)|no longer (?:accept|process|answer|monitor|read|use|check)(?:s|ing)? (?:\\w+ ){0,3}(?:e-?mails?|mails?|requests?|address|mailbox|inbox)|(?:open|submit|raise|create|file|log) a (?:support )?ticket|(?:new|changed|updated) (?:e-?mail )?address|(?:mailbox|address|inbox|account) will be (?:switched off|closed|deactivated|shut|disabled|deleted)|address book|(?:we're|we are) on it|(?:try|aim|endeavou?r|strive) to (?:answer|reply|respond)(?: \\w+){0,5}|(?:acknowledge|confirm)(?: \\w+){0,2} (?:receipt|that we (?:have )?received)|(?:case|ticket|request|enquiry|order)(?: \\w+){0,4} (?:opened|created|raised|registered|logged|assigned)|(?:will|shall) be (?:dealt with|answered|processed|handled|attended|reviewed)(?: \\w+){0,4}(?: (?:shortly|soon|order|days?|hours?|possible|received|course))|(?:in the order|order in which)(?: \\w+){0,3} (?:received|arriv\\w+)|(?:is|are) important to us|subject line|invoices? (?:must|should|can|have to|are to) be (?:sent|submitted|addressed)|(?:messages?|e-?mails?|mails?)(?: \\w+){0,5} (?:are|is|will be) not (?:read|answered|monitored|processed|delivered|accepted)",
    ],
    unless: [
      "(?:not|no|un)(?: \\w+)? interested|(?:i|we)(?:'d| would| will|'ll) (?:love|like|be (?:happy|glad|interested))",
      'please (?:remove|stop|unsubscribe)',
      '(?:do|does|can|could|is|are|would|how|what|will) (?:you|your|it|the)\\b.{0,90}\\?$',
    ],
  },
  {
    class: 'out_of_office',
    fixed: true,
    when: [
      "(?:taking|having|have|take|on|taken)(?: \\w+){0,2} (?:time off|days? off|week off|weeks off|some leave|holiday|vacation|a break)(?: \\w+){0,3}|(?:won't|will not|not|am not|'m not)(?: be)? (?:checking|reading|monitoring|looking at|answering|able to (?:check|read|access))(?: \\w+)? (?:e-?mails?|mails?|messages|my inbox)|(?:no|without|limited|very limited|little|restricted)(?: \\w+)? (?:internet|access to (?:my )?(?:e-?mail|mail|messages)|laptop|signal|reception)|expect (?:delays|a delay|delayed)|(?:attending|speaking at|at) (?:a|an|the|our)(?: \\w+){0,3} (?:conference|summit|trade ?show|fair|workshop|off-?site|training|retreat|seminar|congress|expo)(?:,| until| till|$| all| this| today| and (?:will|back|return|slow|have|not))|(?:returning|back|return) (?:to work |to the office )?(?:on )?(?:next )?(?:monday|tuesday|wednesday|thursday|friday|mon|tue|tues|wed|thu|thurs|fri)$|^(?:out|off|away) (?:until|till|til|from|on|this|for)(?: \\w+){0,3}|(?:in hospital|having surgery|jury duty|bereavement|compassionate leave|paternity|maternity|parental leave|on leave)|(?:our|the) (?:office|offices|shop|company)(?: \\w+)? (?:is|are|will be) (?:closed|shut)|we (?:reopen|re-open|are closed)",
    ],
    unless: [
      "(?:want|let's|happy|like|love) to meet|come and see|meet (?:me|us)|stand|booth",
      'after (?:my|the|your) (?:holiday|vacation|leave|break)',
      '(?:no|not) access to (?:the|your) (?:link|file|document|site)',
      'call me|give me a (?:ring|call)|\\?$',
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:better|good|best|more suitable|ideal) (?:time|moment|timing|opportunity)(?: \\w+){0,4} (?:would|will|might|is|could) be|would be (?:a )?(?:better|best|good|ideal) (?:time|moment|timing)|(?:keep|save|hold|file|store|bookmark|put) (?:your|this|it|the|you)(?: \\w+){0,4} (?:on file|for (?:later|when|if|future|another|the future)|in mind|for next)|(?:when|once|if|should|as soon as)(?: \\w+)? (?:we|i|it|things|this|the need|that|our situation)(?: \\w+){0,3} (?:need|changes?|arises?|are ready|is ready|comes? up|grow|hire|expand|settle|get there|free up|frees up|opens? up|have (?:the )?(?:budget|time|capacity))(?: it| that| one)?$|(?:no|little|zero|not enough|without) (?:capacity|bandwidth|time|headspace|resources)(?: (?:for|to|right|at|this|until|left|currently|before))|(?:flat out|busy|tied up|snowed under|booked up|swamped|maxed out|booked solid)(?: \\w+){0,3} (?:until|till|through|with|for the next)|(?:locked|tied) in(?:to)?(?: \\w+){0,6}|(?:come|get|be) back (?:to (?:me|us|you|this|it) )?(?:in|after|around|once|when|towards|next|later)(?: \\w+){0,3}|(?:let|just let) \\w+ (?:go|off) \\d+|(?:laid off|layoffs?|lay-?offs|let)(?: \\w+){0,2} (?:people|staff|half)|(?:frozen|on ice|on pause|on the shelf|shelved|postponed|deferred|delayed)(?: \\w+){0,4} (?:until|till|for now|for the|by|to)|(?:another|some other|a later) (?:day|date|point|year|quarter)|too much (?:going on|on (?:my|our) plate|else)|other (?:priorities|things|fish|fires|worries|problems|projects|topics)|(?:right|wrong) (?:moment|time)(?:,|$| (?:for|to|as|since|because|now))|not hiring(?: yet)?|not at present|not (?:quite )?ready(?: \\w+){0,4} (?:yet|now|at this (?:point|stage|time))|(?:maybe|perhaps|possibly) (?:one|some) day|(?:can|could|will|would) only (?:start|begin|look|buy|decide|move|do|consider|think)(?: \\w+){0,3} (?:after|once|when|from|in|next)(?: \\w+){0,3}|when we are$',
    ],
    unless: [
      'back (?:in|to|at) (?:the |my )?(?:office|work|desk)',
      "(?:right|perfect|good|great) (?:moment|time)(?:,| for us|$)(?<!(?:not|n't|never)(?: \\w+){0,3} (?:right|perfect|good|great) (?:moment|time)(?:,| for us|$))(?<!wrong.*)",
      'what (?:would|is|are)',
      '(?:come|get|be) back (?:on|in) (?:monday|tuesday|wednesday|thursday|friday)',
      '(?:out of (?:the )?office|on (?:annual )?leave|on vacation|on holiday)',
      'bad timing at all|not bad timing',
      'if (?:we|i) need (?:help|more|support)',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:zero|no|not a|little|slim|snowball's) chance(?: (?:that|we|i|of|this|in))?|turn(?:ed|ing|s)? (?:it|this|that|you|the (?:idea|offer|proposal)) down|ship has sailed|fail to see|(?:can't|cannot|can not|don't|do not|couldn't|hard to|struggle to|never) (?:really |quite |ever |honestly )?(?:see|imagine|picture|envision|think of)(?: \\w+){0,2} (?:us|me|how|why|where|any|a|the|ourselves|myself|anyone|this|it)(?: \\w+){0,4}|(?:nothing|not anything) (?:to sell|to offer|for (?:us|me)|here for|that (?:we|i)|we (?:need|want|could))|(?:it's|it is|this is|that's|that is) nothing(?: \\w+)? (?:for|we|i)\\b|(?:leave|keep) (?:things|everything|it|our \\w+)(?: \\w+)? (?:as|the way|how|like) (?:they|it|we)|(?:stay|stick|remain|carry on|continue|keep going)(?:ing)? (?:with|as) (?:what|who|how|the way|we are|our|things)",
      "(?:we|i) only (?:work|buy|deal|use|cooperate|contract|hire|engage|purchase|do business)(?: \\w+)? (?:with|from|through|via|local|certified|open source)|(?:closed|sold|shut|wound up|dissolved|liquidated)(?: down)? (?:the|my|our) (?:business|company|shop|firm|practice|store)|(?:went|gone|going) (?:bust|out of business|under|into (?:liquidation|administration))|(?:bought|purchased|chose|chosen|picked|implemented|installed|rolled out|adopted|went for|gone for|settled on|committed to|have) (?!(?:a|an|the|your|it|this|that|some|more|to|with|in|for|back|on|up)\\b)[a-z]+(?: (?:instead|already|last|two|a year|this|for that|for this))|we(?:'ve| have)? (?:just |recently |already )?bought (?!(?:your|it)\\b)[a-z]+$",
      "(?:won't|will not|wouldn't|would not|not going to|aren't going to|don't intend to|do not intend to|never|not planning to|no plans to|no intention (?:of|to)|not prepared to|not willing to|unwilling to|reluctant to) (?:be )?(?:tak|go|buy|spend|pay|us|mov|chang|switch|invest|sign|proceed|pursu|need|work|replac|adopt|start|bother|look|consider|engag|want|part|giv|respond|answer|participat|entertain|need)\\w*(?: \\w+){0,4}",
      "(?:not|isn't|hardly|barely|scarcely|never)(?: \\w+){0,2} (?:something|anything|a service|a product|a tool|a topic|a subject|one)(?: \\w+)? (?:we|i|for|that|of interest|worth)|(?:way|far|well) (?:beyond|over|above|out of)(?: \\w+){0,4} (?:budget|means|pay|league|afford|range|price)|(?:bad|poor|terrible|negative|mixed) experiences?(?: \\w+){0,2} (?:with|of)|(?:no|not much|little) (?:benefit|value|use|point|merit|sense|need|advantage|reason)(?: \\w+){0,3} (?:for|in|to|of|here|there)|(?:nobody|no one|none of us|neither of us)(?: \\w+){0,3} (?:saw|sees|see|likes?|liked|wants?|wanted|needs?|was|is|convinced|interested|bought)|respectfully,? no|wasted on (?:us|me)|(?:rather|prefer) not$|not the (?:sort|kind|type) of (?:person|company|people|business|thing)|(?:we|i) (?:don't|do not) (?:even )?have (?:a|any|an) (?:\\w+ )?(?:team|department|website|customers|need|use|store|crm|newsletter|staff|reps?)|(?:can't|cannot) (?:spend|pay|afford|justify)(?: \\w+){0,4}|thanks,? (?:but )?(?:we|i)(?:'ll|'re| will| are|'m| am)? (?:decline|pass|fine|good|okay|ok)|(?:decline|declines|declined|declining)(?: \\w+){0,3}|(?:do|does|did) not (?:wish|want|intend|plan|propose) to (?:proceed|continue|go|move|buy|change|switch|take|pursue|discuss|meet|talk|use)",
    ],
    unless: [
      "(?:will|won't|wouldn't|can't|don't) (?:you|it|your)\\b.{0,60}\\?$",
      'no (?:chance|need) to (?:rush|hurry|call|worry|apologi[sz]e|read|look|reply|talk|meet)(?: (?:today|yet|this|before))?',
      'not (?:only|that i)',
      "(?:can't|cannot|couldn't) (?:see|find|open|access|view)(?: \\w+){0,2} (?:the|your|any|a) (?:attachment|link|file|price|pricing|document|demo|calendar|slot|times?)",
      "don't see (?:a|the|any) (?:price|link|attachment|slot)",
      'no chance to (?:look|read|speak|talk|review|reply|get)',
      "(?:won't|will not) (?:be )?(?:back|in|read|check|available|able|at|answer|respond|reply|work|need to|take long|start (?:before|until)|look at (?:it|this|that)? ?(?:before|until))",
      '(?:no harm|no objection|why not)',
      "wouldn't (?:mind|hurt|say no|be (?:bad|averse|opposed))|would not (?:mind|hurt|say no)",
      "can't wait|don't see why not",
      'never (?:heard|seen|knew|thought|mind)',
      '(?:work|deal) with (?:vendors?|suppliers?|companies|partners?|anyone|providers?)(?: \\w+)? (?:who|that|which)',
    ],
  },
  {
    class: 'interested',
    fixed: true,
    when: [
      `what would it take|(?:send|share|give|show)(?: \\w+){0,6} (?:references?|customer stories|success stories|testimonials)|(?:could|can) (?:really |certainly |well )?do with (?:something|this|that|some|one|a|help)|(?:appreciate|welcome|like|love|want|grateful for)(?: (?:some|any|receiving|getting|to have|to receive|to get))* (?:further|more|additional|full|all) (?:particulars|details?|information|info)|(?:trial|demo|sample|test)(?: (?:login|access|report|version|account|copy|run))+|let (?:me|us) see (?:a|an|the|some|your) \\w+|(?:wouldn't|would not|don't|do not) mind (?:see|try|test|hear|hav|look|learn|giv|get|know|receiv|read|tak|a (?:look|demo|trial|quote|chat))\\w*(?: \\w+){0,3}|(?:not|isn't|aren't|wouldn't be) (?:averse|opposed|against|uninterested|closed)(?: to)?|(?:no|don't have any|without) (?:objections?|harm)(?: (?:in|to|from|here))?|(?:don't|do not|can't|cannot) (?:see|think of) (?:any |a )?(?:reason )?why not|can't (?:say|argue|complain)(?: \\w+)? (?:no|against|with that)`,
      `(?:yes|yeah|ok|okay|sure|fine)(?: \\w+){0,2} in principle|(?:it's|it is|that's|that is|consider (?:it|this)|take this as)(?: \\w+)? a (?:\\w+ )?(?:yes|go|deal)|^sold(?: |$)|where do (?:i|we) (?:sign|start|pay|register|begin)|shut up and take my money|take my money|you(?:'ve)? (?:win|won|convinced|sold|persuaded)(?: (?:me|us))?|(?:i am|i'm|we're|we are) (?:all ears|in|game|sold|on board|up for|hooked|listening|keen|tempted|convinced|impressed)(?: |$)|^(?:i )?like what (?:i|we) (?:see|read|hear|saw)|(?:keep|start) talking|do tell|go on then|^(?:cool|neat|nice|lovely|great|clever|smart|brilliant) (?:stuff|idea|tool|product|concept|thing|service|offer)`,
      `(?:can|could|would|will|please|do|kindly|pls) (?:you )?(?:please )?(?:draft|prepare|draw up|put together|make|write|work out|set up|create|issue|raise|configure|open)(?: (?:us|me))?(?: \\w+){0,2} (?:something|quote|quotation|offer|proposal|contract|agreement|estimate|account|trial|test|pilot|version|invoice|order form)`,
      `(?:glad|happy|curious|keen|eager|like|love|interested|delighted|pleased|willing|open|want|wanted|ready|tempted) to (?:see|hear|try|test|look|learn|explore|evaluate|have a (?:look|play|go)|give (?:it|this)|consider|check (?:it|this) out|find out|discover|be part|join|proceed)(?: \\w+){0,4}|(?:like|love|want|need|appreciate|enjoy|prefer)(?: to (?:see|get|have))? (?:an alternative|a demo|a trial|a quote|something like|one of these|to try)|(?:exactly|precisely|just) (?:the|what|our|my|this)(?: \\w+){0,3} (?:problem|need|want|pain|issue|looking|headache|situation)|right up (?:my|our) (?:street|alley)|(?:might|could|may|would|will|do) (?:well )?have (?:a |some )?(?:use|need|room|budget|an application)(?: \\w+)? (?:for|in)|(?:send|shoot|fire|forward|pass|mail|e-?mail|drop|ship|bring) (?:it|them|that|something|whatever|me|us|the \\w+|over|your \\w+|a bit|some|details|everything)(?: \\w+){0,3} (?:through|over|across|on|along|by|please|then|away|more|have|info|material|stuff|you have|to me)|(?:will|'ll) (?:have|take|give it) a (?:read|look|listen)|(?:send|let|give|show)(?: \\w+){0,2} (?:see|show) (?:me|us|it|what)|let(?:'s| us) (?:see|have|take|try|do|get|give|start|go)(?: (?:it|this|a look|going|started|with|what|one|a try|ahead|for it|the|two))|(?:sign|add|count|put|enter|enrol|enroll|register|book) (?:me|us)(?: \\w+){0,2} (?:up|in|to the|for|on the)|^count me in|(?:set up|start|activate|create|open) (?:the|a|our|my) (?:trial|account|pilot|test)|(?:better|good) (?:offer|deal|alternative) (?:than|to) (?:what|our|the)|not happy with (?:what|our|the|who|how)(?: \\w+){0,5}|(?:unhappy|dissatisfied|fed up|frustrated|disappointed|not satisfied) with (?:what|our|the (?:current|other|old|one)|who|how)(?: \\w+){0,4}`,
      `(?:what|how)(?: \\w+)? (?:are|is|would|do|should|can|could)(?: \\w+){0,2} (?:next|the next|need from (?:me|us)|get going|get started|start|begin|proceed|move forward|take this|we start|sign up|order)(?: \\w+){0,2}|what(?:'ve| have) you (?:got|there)|(?:got|have|is there|do you have|any chance of) (?:a |an |any |some )?(?:pdf|brochure|deck|one-?pager|price list|leaflet|flyer|white ?paper|case study|demo|sample|video|trial|references?|something (?:written|in writing|i can))`,
    ],
    unless: [
      "(?:stop|unsubscribe|remove me|no longer|take me off|don't send|do not send)",
      "(?:don't|do not|didn't|wouldn't|not|no)(?: \\w+){0,2} (?:want|need|wish|like|willing|ready|keen|interested|open|happy|eager|tempted)(?: (?:to|in))? (?!(?:with (?:what|our|the|who|how))|averse|opposed)",
      'lawyer|solicitor|attorney',
      '(?:someone|somebody|anyone) else',
      '(?:not|never) (?:send|sign|start|open)',
      'if (?:i|we) (?:want|need)',
      'happy to (?:stay|stick|keep|remain)',
    ],
  },
  {
    class: 'meeting_request',
    fixed: true,
    when: [
      `(?:would|could|can|will|shall|do|might|are) (?:you|we|i)(?: (?:be|like|want|able|possibly|perhaps|please|free|available|to|all))* (?:come (?:to|by|over|in|round|and)|visit|drop|stop|meet|speak|talk|chat|discuss|ring|call|phone|jump|hop|join|sit down|go through|walk (?:me|us) through)(?: \\w+){0,6}`,
      `come (?:and |to )?(?:see|visit|meet|find) (?:me|us)|(?:meet|see|find|visit) (?:me|us) at|(?:at|visit) (?:our|the) (?:stand|booth)|let(?:'s| us) (?:\\w+ )?(?:speak|talk|meet|chat|connect|catch up|discuss|sync|set|arrange|schedule|book|find (?:a|half|an|some|thirty|twenty|fifteen)|do (?:monday|tuesday|wednesday|thursday|friday|a call|zoom|lunch|coffee)|say|make it)(?: \\w+){0,4}|(?:discuss|do|talk|go over|cover|handle)(?: \\w+){0,3} (?:in person|face to face|by phone|on the phone|over the phone|over lunch|over coffee|on a call|by video|via video)`,
      `(?:demo|call|chat|meeting|walkthrough)(?: \\w+){0,3} (?:next week|this week|tomorrow|today|monday|tuesday|wednesday|thursday|friday|this afternoon)|if you(?:'d)? (?:want|like|care|wish)? ?(?:to )?(?:call|ring|phone|talk|speak|chat)|how(?:'s| is| about|'d| would)(?: \\w+)? (?:the \\d+|monday|tuesday|wednesday|thursday|friday|tomorrow|next week)|(?:send|drop|share|shoot)(?: \\w+){0,3} your (?:calendar|availability|diary|schedule)|(?:gap|window|slot|space|opening)(?: \\w+){0,2} (?:between|at|on|from)|my (?:\\w+ )?(?:number|mobile|cell|direct line|phone|extension)(?: number)? (?:is|:)|(?:on|at) \\+?[\\d(][\\d ()/-]{6,}|(?:coordinate|arrange|organi[sz]e|schedule|set|fix|agree|find|settle|book|sort)(?: \\w+){0,4} (?:with|through|via) (?:my|our) (?:pa|ea|assistant|secretary|office|colleague)|(?:my|our) (?:pa|ea|assistant|secretary|executive assistant)(?: \\w+){0,4} (?:arrange|organi[sz]e|schedule|set|find|book|send|sort|coordinate|will|can|to)`,
      `(?:quick|short|brief|intro|introductory|initial) (?:call|chat|zoom|meeting|catch[- ]?up|phone call)$|(?:teams|zoom|meet|webex|meeting|calendar|dial-in|video|booking|calendly) (?:link|invite|invitation|details)(?: \\w+){0,4}|(?:half an hour|thirty minutes|\\d+ ?(?:min|mins|minutes)|ten minutes|twenty minutes|fifteen minutes|an hour)(?: \\w+){0,5} (?:on|in|next|this|tomorrow|today|week|monday|tuesday|wednesday|thursday|friday|for|at|works?|ok|free|fine)|(?:what|which) (?:times?|days?|slots?|dates?|hours?)(?: \\w+){0,4} (?:have|got|free|open|available|suits?|works?|good|possible|best|on)|(?:week of|week commencing|w/c)|when (?:are|is|would|could|can)(?: \\w+){0,2} (?:free|good|available|talk|speak|convenient|suit|best|call|meet)`,
      `(?:\\d{1,2}(?::\\d\\d)? ?(?:am|pm)|noon|midday|\\d{1,2}:\\d\\d|\\d{1,2} o'clock)(?: \\w+){0,3} (?:works?|suits?|is (?:good|fine|ok|okay|great|perfect)|would (?:work|suit|be)|sounds|fine|ok|okay|good)|(?:spare|give|offer|manage|do) (?:you )?(?:a few|ten|fifteen|twenty|thirty|\\d+|five|half) (?:min\\w*|hour|an hour)|(?:diary|calendar|schedule|afternoon|morning|week)(?: \\w+){0,2} (?:is|looks|'s) (?:open|free|clear|good|flexible|wide open)|(?:i'm|i am|we're|we are|i'll be)(?: \\w+)? (?:free|available|around|reachable|in the (?:office|car))(?: \\w+){0,6}`,
      `(?:resend|re-send|send)(?: \\w+){0,4} (?:calendar|booking|meeting|zoom|teams) (?:link|invite|invitation)|pick (?:a|any|another) (?:time|slot|date)|(?:push|move|shift|bump|reschedule|postpone|change)(?: \\w+){0,4} to (?:monday|tuesday|wednesday|thursday|friday|next week|tomorrow|the \\d|\\d|later)|something came up|(?:yes|ok|okay|happy|up|fine|good) (?:to|for|with) (?:the|a|your) (?:\\w+ )?(?:call|chat|meeting|demo)`,
    ],
    unless: [
      '(?:urgent|urgently|emergency|in my absence|out of (?:the )?office|on (?:annual )?leave|on vacation)',
      'next (?:year|quarter|month)|in (?:january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|the (?:new year|spring|summer|autumn|fall|winter))|after (?:the )?(?:summer|christmas|easter|new year)',
      "(?:don't|do not|not|no|never|stop)(?: \\w+){0,2} (?:call|need|want|wish|interested|speak|talk|meet|discuss|visit|time|free|available)",
      '(?:meet|see|visit) (?:our|your) (?:requirements|needs|website|site)',
      '(?:can|could|do|does|will|would) (?:you|it|your \\w+) (?:meet|visit|call|walk) (?:our|the|their) (?:requirements|standards|needs|contacts|leads|customers)',
      'lawyer|solicitor|police',
      'have we met|did we (?:meet|speak|talk)|met before',
      "(?:i'm|i am|we're|we are)(?: \\w+)? (?:un)?available (?:again )?(?:from|again|after)",
      'free (?:tier|trial|plan|version|of charge)',
    ],
  },
];

export const englishScenes: Pick<LanguageRules, 'occasions' | 'plans'> = {
  occasions: {
    places:
      'conference|convention|trade ?show|fair|training|seminar|summit|workshop|congress|expo|event|retreat|off-?site',
    present:
      "i am|i'm|im|i will be|i'll be|we are|we're|we will be|we'll be|am|is|are|be|currently|attending|out|away|^(?:at|in)",
    meets:
      'see you|seeing you|see (?:each other|everyone)|meet(?:ing)? (?:you|me|us|there|up|everyone|in person)|(?:look|looking) forward to (?:see|meet|catch|talk|speak)\\w*|visit (?:us|our)|catch you|join us|booth|stand',
  },

  plans: {
    when: "(?:i|we|i'll|we'll|will|going to|need to|let me|can|could)(?: \\w+){0,3} (?:look(?:ing)? (?:at|into|through|over)|read|check|review|consider|think|study|go through|digest|reply|respond|answer|get back|come back|revert|let you know|share|forward|pass|circulate|examine|evaluate|(?:take|have) a (?:\\w+ )?look)|(?:will|i'll|we'll|going to|need to|have to)(?: \\w+){0,2} discuss",
    unless:
      "call|phone|ring|meet|meeting|chat|speak|talk|zoom|teams|slots?|free|available|availability|calendar|calendly|invite|invitation|demo|with you|together|let's|how about|what about|suits?|works?",
  },
};
