import { englishHints, englishScenes } from './en-hints.ts';
import { englishRefusals } from './en-refusals.ts';
import type { LanguageRules } from './rules.ts';

const day =
  '(?:today|tomorrow|monday|tuesday|wednesday|thursday|friday|mon|tues?|wed|thurs?|thu|fri|next week|this week|this afternoon|this morning)';
const time =
  "(?:\\d{1,2}(?::\\d\\d)? ?(?:am|pm|o'clock|h|cet|est|pst|gmt|bst|et|pt)|\\d{1,2}:\\d\\d|noon|midday|mornings?|afternoons?)";
const meeting =
  '(?:call|chat|meeting|demo|meet|talk|conversation|catch[- ]?up|zoom|video call|phone call|teams call|google meet|walkthrough)';

export const english: LanguageRules = {
  language: 'en',
  words:
    'monday tuesday wednesday thursday friday january february march june july october december returning the and is are was were have has had this that with for you your we our us they them will would can could should not from about what which who how please thanks thank an be been do does my me but if it at on no yes more interested hi hello back of to',
  negators:
    "not|no|never|none|nothing|neither|nor|without|hardly|cannot|cant|dont|doesnt|isnt|arent|wont|wouldnt|didnt|aint|don't|doesn't|isn't|aren't|won't|wouldn't|can't|didn't|haven't|hasn't|wasn't|weren't|ain't|couldn't|shouldn't|lack|zero|nobody",
  contrast: 'but|however|although|though|yet|still|instead|otherwise|because|since|so|then',
  doubt:
    "not sure (?:if|whether|that|how|we)|unsure|don't know (?:if|whether)|wonder(?:ing)? (?:if|whether)|no idea (?:if|whether)|if (?:you|you're|they|he|she|anyone|someone|somebody)|whether|in case|should (?:i|we) (?:be|become)|unless",
  forNow:
    'right now|at the moment|at this (?:time|moment|point|stage)|at present|currently|for now|just now|for the moment|this (?:year|quarter|month|week)|just yet|yet|these days|presently|as of now|today',
  formerly: 'at first|initially|originally|previously|used to|so far|until now|in the past|before this|earlier',
  urgent:
    "urgent|urgently|emergency|emergencies|immediate (?:assistance|attention|help|need)|in my absence|during my absence|while i(?:'m| am) (?:away|out)|can(?:not|'t) wait",
  asks: 'what|whats|how|where|when|who|which|why|do you|does (?:it|your|this|the)|is (?:it|there|this|your)|are (?:you|there|your)|can (?:you|it|we|i|your|the)|could (?:you|it|we)|will (?:you|it|this)|would (?:it|this)|have you|did you',
  ...englishScenes,
  back: 'back(?: (?:in|at|to) (?:the |my |our )?(?:office|desk|work|action))?(?: again)?(?: online)?(?: on| from| by| in| as of)?|return(?:ing|s)?(?: (?:to|in) (?:the |my )?(?:office|work|desk))?(?: on| from| by| in)?|normal service(?: resumes?)?(?: from| on)?|resum(?:e|es|ing)(?: (?:work|normal service))?(?: on| from)?|reopen(?:s|ing)?(?: on)?|re-open(?:s|ing)?(?: on)?|available(?: again)?(?: on| from| as of| starting)?|(?:in|at) (?:the |my )?(?:office|desk)(?: again)? (?:on|from|as of)|reachable(?: again)?(?: on| from)?|respond(?: to you(?:r (?:e-?mail|message))?)?(?: on| from)|reply(?: to you(?:r (?:e-?mail|message))?)?(?: on| from)|answer(?: your (?:e-?mail|message))?(?: on| from)|(?:reply|respond|read(?:ing)?|check(?:ing)?|answer(?:ing)?|get back to you|in touch)(?: (?:to|my|your|you|e-?mails?|mails?|messages?|again))*(?: (?:on|from|by|as of))?',
  until: 'until|till|til|through|thru|to|up to|-|–|—|end(?:s|ing)?(?: on)?',
  inclusive: 'through|thru|inclusive|inclusively|including|included|up to and including|ending|ends',
  untilIsInclusive: false,
  months: [
    'jan(?:uary)?',
    'feb(?:ruary)?',
    'mar(?:ch)?',
    'apr(?:il)?',
    'may',
    'june?',
    'july?',
    'aug(?:ust)?',
    'sept?(?:ember)?',
    'oct(?:ober)?',
    'nov(?:ember)?',
    'dec(?:ember)?',
  ],
  weekdays: [
    'mon(?:day)?',
    'tue(?:s|sday)?',
    'wed(?:s|nesday)?',
    'thu(?:rs?|rsday)?',
    'fri(?:day)?',
    'sat(?:urday)?',
    'sun(?:day)?',
  ],
  tomorrow: 'tomorrow',
  afterTomorrow: 'day after tomorrow',
  nextWeek: 'next week',
  next: 'next|coming|following',
  rules: [
    ...englishRefusals,
    ...englishHints,
    {
      class: 'left_company',
      fixed: true,
      when: [
        "(?:no longer|not|doesn't|does not|don't|do not|isn't|is not|am not|has stopped|have stopped|stopped)(?: currently| actually)? (?:work(?:s|ing|ed)? (?:here|for (?!(?:me|us|our)\\b)[a-z]+|at(?! (?:present|the moment|all|this|home|my|full|the minute)\\b)|with us|in this (?:company|firm|office)|anymore|any more|any longer)|employed|(?:be )?with (?:us(?! on)|the (?:company|firm|organi[sz]ation|team|business))|at (?:the company|this company)|part of (?:the|our|this) (?:company|team|organi[sz]ation|firm)|a (?:member|part) of (?:the|our) (?:team|staff|company)|an employee|here)",
        '(?:[a-z]+|he|she|i|they) left (?:the|this|our|my) (?:company|firm|business|organi[sz]ation|team|job|position|role)',
        "(?:has|have|had|'ve|i|he|she|they|who)(?: \\w+)? (?:left|quit|departed|exited|resigned)(?: from)?(?: (?:the |this |our |my )?(?:company|firm|business|organi[sz]ation|role|position|team|job|us)| \\w+ (?:as of|in|on|last|at the end)|$| and | as of| last| in | on )",
        "(?:has|have|'ve|'s|was|been|is|am|'m|has just|have just) (?:recently )?(?:retired|retiring|laid off|made redundant|let go|passed away|deceased|died|moved on|moving on|taken a (?:new )?(?:job|role|position) (?:at|with|elsewhere))",
        "(?:i'm|i am|he is|she is|i'll be|i will be|will be) (?:leaving|departing|retiring|moving on)(?! (?:the office|for|on holiday|on vacation|early|you a|soon for))",
        '(?:my|his|her) last (?:working )?day(?: (?:is|was|at|with|here|will be)|$)',
        'last day (?:at|with|in) (?:the company|work|my job|my role|this role|this job|\\w+ (?:is|was|will be))',
        'no longer (?:at|with|works|working|employed|here|part of)|former (?:employee|colleague)|ex-employee',
        '(?:has taken|took|taking|taken|have taken) over (?:my|his|her|the) (?:role|position|job|duties|responsibilities|inbox|mailbox|clients|accounts|tasks)',
        '(?:this|the) (?:mailbox|account|inbox|address|e-?mail address) (?:of|belongs to|belonged to)… (?:former|no longer|left)',
        '(?:my|his|her) (?:successor|replacement)',
      ],
      unless: [
        'no longer (?:work|working|works) (?:with|on) (?:agencies|vendors|external|cold|outbound|that|this)',
        'left (?:me|you|us) a',
        'left (?:it|this|that|over)',
        'not working (?:for us|well|properly)',
        "(?:does not|doesn't) work for (?:me|us|our)",
        "(?:link|it|this|that|website|site|button|form|demo|app) (?:is not|isn't|does not|doesn't) work",
      ],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        "(?:not|isn't|wouldn't be|am not|'m not|never been|no longer)(?: really| actually)? (?:the |a )?(?:right|correct|best|appropriate|proper|relevant|responsible|ideal) (?:person|contact|one|address|recipient|place|department|team|guy|man|woman|individual|office|company|mailbox|inbox|point of contact)",
        '(?:wrong|incorrect) (?:person|contact|guy|man|woman|address|department|team|inbox|mailbox|recipient|company|number|e-?mail|one|michael|[a-z]{3,12})(?<! (?:tree|time|way|end|moment|idea|impression|direction))(?! (?:time|moment|with))',
        "(?:not|isn't|no longer|outside|beyond|wasn't)(?: really| actually| in)? (?:my|our) (?:area|department|dept|responsibility|responsibilities|remit|job|role|field|call|decision|purview|scope|domain|bailiwick|wheelhouse|topic|thing|team)",
        "(?:i|we)(?: am|'m| are|'re)? (?:do not|don't|dont|not|no longer|doesn't|never)(?: \\w+)? (?:handle|manage|deal with|dealing with|make (?:these|those|such|that|this|the|any|purchasing|buying)… decisions?|look after|oversee|take care of|work on|work with this|work in (?:that|this|sales|marketing|it|the)|responsible|in charge|involved (?:in|with)|decide|run|own this|the (?:one|decision|buyer|owner))",
        "(?:not|isn't) me(?: |$)(?!.{0,20}(?:right now|interested|thanks))(?=.{0,60}(?:speak|talk|try|contact|ask|write|reach|e-?mail|go|better|colleague|someone|team|department|$))",
        "(?:should|could|would|may|might|need to|have to|must|can|want to|'d (?:want|need) to|best|better|please|pls|kindly|to|and|you'd better|try|^)(?: (?:please|best|rather|instead|just|better|be better to|need to|want to))* (?:reach out to|reach|contact|speak (?:to|with)|talk (?:to|with)|write to|write|e-?mail|mail|ask|try|get in touch with|check with|connect with|direct (?:this|your (?:e-?mail|mail|message|question|enquiry|inquiry)) to|address (?:this|your) to|forward (?:this|it|your (?:mail|e-?mail|message)) to|send (?:this|it|your (?:mail|e-?mail|message)) to|go (?:through|via|to)|liaise with|refer to) (?!(?:me|us|you|your|again|back|my (?:mobile|cell|phone|number|assistant to)|it|this|that|out|in|later|next)\\b)(?:our |my |the |his |her |their |with )?(?:\\S+@|[a-z]+ (?:at|in|from|on|of|who|instead|for|about)\\b|colleagues?|team|department|head|cto|cmo|ceo|cfo|coo|cio|vp|director|manager|office|it|hr|sales|marketing|procurement|purchasing|finance|agency|partner|boss|assistant|coworker|co-worker|[a-z]+ [a-z]+ (?:at|in|from|instead|,|\\()|[a-z]+,|[a-z]+$|[a-z]+ [a-z]+$|[a-z]+ [a-z]+,? \\(?\\S+@)",
        '(?:handled|managed|dealt with|looked after|covered|overseen|decided|run|done|taken care of|owned) (?:by|at|in|through|out of) (?:our|my|the|a|another|head|group|corporate|someone|somebody|hq|[a-z]+ (?:in|at|from|who|\\())',
        '(?:our|my|the) (?:[a-z/]+ ){0,3}(?:team|department|agency|cto|cmo|ceo|cfo|coo|cio|colleague|boss|manager|director|office|hq|headquarters|partner|group|it|assistant|procurement|purchasing)(?: [a-z]+){0,2} (?:handles?|manages?|makes? (?:these|those|such|the|that|this|all)|deals? with|looks? after|takes? care|is (?:responsible|in charge|the (?:right|best|one|person|decision))|are (?:responsible|in charge)|does (?:this|that|these|it)|do (?:this|that|it)|decides?|runs?|owns?|covers?|would be (?:the|a|better|your)|is better|is best)',
        "[a-z]+(?: [a-z]+)? (?:is|would be|might be|will be|'s|should be) (?:the|a|your|probably the|likely the)? ?(?:right|best|better|correct|appropriate|relevant) (?:person|contact|one|point of contact|place|address|team)",
        '(?:someone|somebody|person|people) (?:else )?(?:in|at|from|who) … (?:handles|deals|responsible|in charge|looks after)',
      ],
      unless: ['(?:in|for) urgent', 'who (?:is|would be|handles)', 'call me'],
    },
    {
      class: 'out_of_office',
      when: [
        "(?:i am|i'm|im|i will be|i'll be|we are|we're|we will be|currently|am|is|be)(?: \\w+){0,2} (?:out of (?:the )?(?:office|town|country)|(?<!flat |sold |booked )out (?:on|until|till|from)|ooo|away|on (?:\\w+ )?(?:leave|holidays?|vacation|pto|break|sabbatical|honeymoon|a business trip|business travel|the road)|on (?:a|my|our|an) (?:\\w+ )?(?:leave|holidays?|vacation|trip|break|sabbatical|journey)|travell?ing|abroad|off (?:work|sick|until|from|today|this week)|on site|attending|at an? (?:conference|trade ?show|fair|event|offsite|off-site|training|workshop)|unavailable|not available|out sick|offline)(?! (?:of (?:budget|time)|from (?:making|a decision)))",
        '(?:out of (?:the )?office|out-of-office|annual leave|maternity leave|paternity leave|parental leave|sick leave|bank holiday|public holiday|company (?:shutdown|holiday|retreat)|christmas (?:break|shutdown)|closed (?:for|until|from|between|on)|office (?:is|will be) closed|limited access to (?:my )?e-?mails?|(?:no|limited|intermittent|sporadic|restricted|patchy) (?:access|signal|connectivity|internet|wifi)|checking (?:my )?e-?mails? (?:only )?(?:occasionally|sporadically|infrequently|rarely|intermittently)|away on|away from (?:my )?(?:desk|office|work|e-?mail|keyboard)|^away|^ooo|^on (?:leave|holidays?|vacation|pto|annual))',
        "(?:when|once|after|upon) (?:i return|my return|i am back|i'm back|i get back)",
        "(?:will|shall|'ll) (?:be back|return|be returning|be out|be away)(?: (?:in|to|at) (?:the )?(?:office|work))? (?:on|until|from|in|next|the|from)?",
        '(?:back|return|returning) (?:in|at|to) (?:the |my )?(?:office|desk|work)',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:this is an? (?:automated|automatic|auto|auto-?generated|automatically generated)|automated (?:reply|response|message|e-?mail|acknowledg|confirmation)|automatic (?:reply|response|confirmation|acknowledg)|auto-?(?:reply|response|generated)|generated automatically|automatically (?:generated|sent))',
        "(?:we have|we've|have|has been|was|successfully|have been|been|we) (?:safely |successfully |now )?(?:received|logged|registered|recorded|opened|created|assigned)(?: (?:your|and|as|under|with|a|the|an))(?: \\w+){0,3}",
        '(?:your|a|the|this|new) (?:\\w+ )?(?:request|ticket|enquiry|inquiry|case|message|e-?mail|submission|query|support ticket|application)(?: \\S+){0,2} (?:has been|was|is being|is) (?:\\w+ )?(?:received|created|logged|registered|assigned|opened|forwarded|queued|recorded|processed|accepted)',
        '(?:ticket|case|reference|request|incident|enquiry) (?:number|no\\.?|id|#|is|nr)|(?:ticket|case|ref|incident)[ :]*#? ?[a-z]{0,4}-?\\d{3,}',
        '(?:thank you|thanks) for (?:contacting|getting in touch with|writing to|e-?mailing|reaching out to|your (?:enquiry|inquiry|interest in|request)|submitting|applying)(?! me| out| us about)',
        "(?:will|shall|aim to|try to|endeavou?r to|strive to|'ll) (?:\\w+ )?(?:get back to you|respond|reply|be in touch|answer|contact you|review your)(?: to (?:you|all|your)…| with you)?… (?:as soon as possible|shortly|within|asap|in due course|soon|business (?:day|hour)|working (?:day|hour)|hours)",
        '(?:mailbox|inbox|e-?mail address|address|account) (?:is|are) (?:not|no longer|un)(?: being)? ?(?:monitored|actively monitored|in use|used|attended|read|checked|manned|active)|unmonitored|unattended',
        "(?:do not|don't|please do not) (?:reply|respond) to this",
        'opening hours|office hours are|business hours are',
      ],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        'interested|interest(?! rates?)|interesting|interests (?:me|us)|intrigued|intriguing|curious|keen|excited|appealing|relevant(?: for| to)? (?:us|me|our)|timely|spot on|convinced|compelling|tempting|promising',
        '(?:sounds?|looks?|seems?|feels?) (?:\\w+ )?(?:good|great|neat|decent|solid|interesting|promising|useful|helpful|cool|awesome|amazing|fantastic|perfect|excellent|nice|like (?:something|a (?:good|great))|right up|relevant|intriguing|fun|worth)',
        "(?:like|love|want|wish|happy|glad|eager|open|willing|keen|pleased|would like|'d like|'d love|need) to (?:learn|know|hear|see|find out|explore|try|discuss|understand|get|receive|take a (?:closer )?look|have a (?:closer )?look|test|evaluate|consider|read|look)(?! (?:from you (?:again|anymore)|less))",
        '(?:useful|helpful|valuable|good fit|great fit|right fit|perfect fit|a fit|fit)(?: (?:for|to) (?:us|me|our))?',
        '(?:(?:we|i) need(?= (?:this|that|something|such|a (?:solution|tool|partner|provider|vendor)|exactly|help))|need for|use for|could use|looking for|in the market for|evaluating|been (?:looking|searching)|searching for|we are looking) (?:this|that|it|something|such|a solution|exactly|a tool|a partner|a provider|a vendor|help with|for)?',
        '(?:value|benefit)(?: (?:in|for|from) (?:this|it|that|us))?',
      ],
      unless: [
        'your interest',
        'if (?:\\w+ )?interested',
        'interest rate',
        'conflict of interest',
        'lawyer',
        '(?:no|any) use case',
        '(?:do|does|can|will|how|what|which|is|are) (?:you|your|it|the)\\b.{0,50}\\?$',
      ],
    },
    {
      class: 'interested',
      when: [
        '(?:send|share|forward|shoot|e-?mail|mail|provide|give|drop|pass|show|get)(?: (?:me|us|over|along|on|it|him|her|my (?:boss|team|colleague)))*(?: (?:some|any|more|the|a|an|your|few|further|additional|over|across|please|rough|short|quick|brief|detailed|full|relevant|all))* (?:info|infos|information|details?|deck|brochure|pricing|prices?|price list|quote|quotes?|quotation|proposal|offer|materials?|case stud(?:y|ies)|one[- ]?pager|overview|examples?|demo|link|video|presentation|slides?|docs|documentation|specs?|datasheet|contract|references|paperwork|trial|invoice|agreement|pdf|samples?|document|walkthrough|white ?paper)',
        '(?:tell|show|teach) (?:me|us)(?: \\w+)? (?:more|about|how|what)|^(?:yes|yeah|yep|sure|absolutely|definitely|certainly),? (?!(?:i|we) (?:got|received|have)|but)|(?:learn|know|hear|see|find out|read) (?:some |a (?:bit|little) )?more|more (?:info|infos|information|details?)',
        "(?:next steps?|get started|getting started|sign (?:me|us) up|count (?:me|us) in|^(?:i am|i'm|we are|we're) in$|let's (?:do (?:it|this)|go|try|give|proceed|move forward|explore|start)|go ahead|move forward(?! with (?:another|someone))|set up a (?:trial|pilot|test|account)|free trial|pilot)",
        "^(?:yes|yep|yeah|sure|absolutely|definitely|of course|yes please|why not|please do|gladly|certainly|sounds good|yes sure|sure thing|fire away|go on|tell me more|by all means)(?: (?:please|thanks|thank you|do|sure|why not|go ahead|go on|let's|i am|i'm|i'd be|we are|we would|we'd be))*$",
      ],
      unless: [
        '(?:if|unless) (?:i|we) (?:am|are|need|want)',
        "we (?:will|'ll) (?:reach|get|be in)",
        '(?:do|does) (?:you|it) have',
      ],
    },
    {
      class: 'wrong_person',
      fixed: true,
      weak: true,
      when: [
        "(?:cc|cc'd|cced|copy|copied|copying|cc'ing|ccing|loop|looped|looping|adding|added|forward|forwarded|forwarding|passed|passing|pass|pointing|point|redirect|redirected|redirecting|refer|referred|referring|hand|handed|handing|introduce|introducing|connecting)(?: in)?(?: (?:this|it|you|your|my|the|our|him|her|them))?(?: (?:e-?mail|mail|message|note|info|details))?(?: (?:in|on|along|over|here))?(?: to| with| in)? (?:my |our |the )?(?:colleague|colleagues|coworker|co-worker|boss|manager|team|department|cto|cmo|ceo|cfo|coo|vp|head|director|agency|right (?:person|team|department)|relevant|responsible|appropriate|[a-z]+ (?:who|from|in|as|because|since|here))",
      ],
      unless: ['call me'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        "(?:his|her|my|their|[a-z]+'s) last (?:working )?day|passed away|(?:changed|switched|swapped) (?:jobs?|companies|employers?|careers?)|(?:nobody|no one|no-one|noone|no such|there is no)(?: \\w+)? (?:by|of|with|called|named|person|employee|colleague)(?: (?:that|this) name)?(?: \\w+){0,3} (?:here|works?|in our|at our|exists?|with us|in this)|(?:moved|gone|went|transferred) (?:on )?to (?:a |another )?(?:new |different )?(?:employer|company|job|firm|competitor|organi[sz]ation)|(?:new|different|another) (?:job|employer) (?:at|with|elsewhere|now)|works? (?:elsewhere|somewhere else|for (?:another|a different) (?:company|firm))|^(?:i|he|she|[a-z]+) (?:just |recently )?(?:quit|resigned|retired)(?: |$)|(?:position|role|job|post) (?:has been|was|is being) (?:eliminated|made redundant|cut|terminated)|(?:is|was) (?:fired|laid off|dismissed|let go)|no longer (?:an? )?(?:employee|employed|staff)|not (?:an? )?(?:current )?employee|left us|has departed|now (?:work|working|employed) (?:at|for|with) [a-z]+",
      ],
      unless: [
        'left us (?:a|with)',
        'last day (?:of|to) (?:the|your|june|july|sign|register)',
        'passed away (?:from|to)',
        'we quit',
      ],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        "you(?:'d| would| will|'ll| may| might)? (?:want|need|be better off|have|best)(?: to)? (?:speak|talk|ask|contact|reach|e-?mail|write|approach|go through|go to|connect|get in touch)(?:ing)?(?: (?:to|with|out to|through))? (?!(?:me|us)\\b)[a-z]+|^you (?:want|need) (?!to\\b|a\\b|the\\b|more\\b|an\\b|help\\b|us\\b|me\\b)[a-z]+(?: [a-z]+)?(?:,| |$)",
        "(?:this|that|it|which)(?:'s| is| would be| sounds| looks| seems)(?: \\w+){0,3} (?:for|to) (?:our|my|the (?:it|hr|marketing|sales|finance|procurement|purchasing|legal|ops|operations)|hr|it|marketing|sales|finance|procurement|purchasing|legal|operations|head office|someone else|somebody else)\\b(?! (?:team to try|use|needs))",
        '(?:sits|lies|rests|belongs|falls|resides) (?:with|under|to|within|in) (?!(?:me|us)\\b)[a-z]+',
        "^(?:sorry,? )?(?:i(?:'m| am) (?:just|only|merely|simply) (?:a|an|the)|i (?:only|just|merely) (?:do|work|handle|run|manage|look after|deal with|answer))(?: \\w+){1,4}",
        "(?:best|right|better|correct|proper|ideal) (?:person|contact|bet|place|address|one|point of contact)(?: (?:to|for|in|about|on|at) (?:\\w+ ?){1,5})? (?:is|would be|might be|will be|'s|should be)",
        '(?:take|raise|bring|run|address|pursue)(?: (?:this|it|that|these|such things?))?(?: up)? (?:with|by|past) (?!(?:me|us|you)\\b)[a-z]+',
        '(?:someone|somebody) else(?: \\w+)? (?:deals|handles|does|looks|manages|decides|takes|covers|buys)|(?:another|a different) (?:person|colleague|team|department|office|branch|entity) (?:deals|handles|does|manages|decides|takes|covers|buys|is responsible)',
        '(?:moved|transferred|switched|changed) (?:in)?to (?:another|a different|a new|the) (?:department|team|role|division|position)|(?:changed|different) (?:departments?|roles?|teams?)|no longer (?:responsible|handle|handling|my (?:job|role|responsibility))',
        '^(?!(?:how|what|who|where|when|why|which|it|that|this|if|whether)\\b)[a-z]+(?: [a-z]+)? (?:runs|handles|manages|leads|heads|owns|covers|does) (?:our|all|the|this|that|these|it)(?: \\w+){0,4}|(?:who|she|he) (?:runs|handles|manages|leads|heads|owns|decides|takes care of|looks after|deals with|is in charge of|is responsible for) \\w+',
        'wrong (?:end of|side of) the (?:company|business)|(?:no|without any) (?:say|authority|influence|budget authority|decision power|decision-making power)(?: (?:in|on|over|about))?|above my pay ?grade|out of my hands',
      ],
      unless: [
        'in (?:urgent|my absence)',
        'who (?:is|would be|handles)\\b.{0,60}\\?$',
        'call me',
        'who (?:do|does|can|should|owns|handles)\\b',
        'manages my (?:diary|calendar|schedule)',
      ],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        "(?:put|draw|write|work) (?:together|up)(?: (?:an?|the|some|us|me))* (?:offer|quote|proposal|estimate|plan|package)|(?:let (?:me|us) have|give (?:me|us)|let's see|let (?:me|us) see|show (?:me|us)|see) (?:the |your |some |a |an )?(?:rates?|prices?|pricing|numbers|figures|offer|quote|details?|costs?|info|it|demo|more|what you)|^(?:please )?quote(?: \\w+){0,3} (?:for|me|us)|(?:like|want|keen|happy|willing|ready|love) to (?:\\w+ )?(?:trial|try|pilot|test|proceed|go ahead|start|buy|order|purchase|sign|move ahead|move forward|take (?:this|it) further)|add (?:me|us) to the (?:beta|trial|waitlist|waiting list|demo|pilot)|(?:you|that|this)(?: have|'ve| has)?(?: got| caught| grabbed)? (?:my|our) (?:attention|interest)|(?:team|boss|manager|colleagues?|ceo|director|partner)(?: \\w+){0,2} (?:asked|asking|wants?|loves?|likes?|interested|keen|been looking)|(?:he|she|they) (?:wants?|would like|'d like) (?:to (?:know|see|hear|learn)|more)|(?:problem|issue|challenge|pain|headache) (?:we|i|that we) (?:have|face|struggle|are having)|(?:struggl\\w+|trouble|problems?) with (?:this|that|exactly|it)|(?:exactly|just|precisely) what (?:we|i)(?:'re|'ve| are| have)? ?(?:need|want|been|looking|were|was)|right (?:moment|time|timing)|(?:good|great|perfect|excellent|impeccable) timing|(?:we|i)(?:'d| would) consider|not a bad (?:idea|thing)|why not|worth (?:a look|exploring|a try|trying|considering|looking)|(?:do|would) you have (?:a |an |any |some )?(?:one[- ]?pager|pdf|brochure|deck|price list|case stud\\w+|references|presentation|video)(?: \\w+){0,4}|what (?:have you got|do you need from (?:me|us)|would (?:a|the) (?:pilot|trial|next)|do (?:i|we) (?:need to do|have to do|need to sign))|how (?:do|would|can|could|should) (?:we|i) (?:start|begin|proceed|sign up|get (?:started|going)|order|buy|join|try)",
      ],
      unless: [
        'lawyer|solicitor|attorney',
        'not the (?:right|best) (?:moment|time|timing)',
        'unsubscribe',
        'not a (?:good|great|perfect) timing',
      ],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        'gone fishing|in (?:workshops?|meetings?|training|sessions?)(?: all)? (?:day|today|until|till|this|all)|slow(?:er)? (?:to )?(?:repl\\w+|respon\\w+)|slower than usual|normal service|^(?:returning|back|return) (?:on )?(?:the )?(?:\\d|mon|tue|wed|thu|fri|next|tomorrow|january|february|march|april|may|june|july|august|september|october|november|december)|delayed? (?:response|reply|replies)|limited (?:availability|connectivity|internet)|(?:response|reply|replies|responses) (?:may|might|will) be (?:delayed|slow)|my (?:cover|stand-?in|deputy|backup) (?:is|while|during)',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        'confirm(?:s|ing|ation)? (?:the |of |that we have |your )?recei(?:pt|ved)|acknowledge(?:s|ment)?(?: of)?(?: the)? receipt|(?:usually|typically|normally|generally) (?:reply|respond|answer|get back)|(?:has|have) been (?:updated|escalated|assigned|routed|logged|queued)|reply to this e-?mail to|to add (?:a |additional )?comments?|you have reached|(?:our|the) (?:\\w+ ){0,3}(?:team|department|staff|desk|office|agents?|representatives?|advisors?|specialists?)(?: \\w+)? (?:will|is going to|are going to|aims? to|shall) (?:\\w+ )?(?:review|respond|reply|answer|be in touch|contact|get back|look|process|assist)|(?:a|one of our) (?:\\w+ ){0,3}(?:member|representative|agent|advisor|specialist|colleague|consultant)s?(?: of \\w+ \\w+)? will (?:\\w+ )?(?:respond|reply|answer|be in touch|contact|get back|review|reach)|next (?:business|working) day',
      ],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        "(?:could|might|may|would|can)(?: \\w+)? (?:be (?:a fit|useful|helpful|handy|of use|what we|it|just what|something for|good for|great for|perfect for|an option|relevant)|fit|work|help|suit|do)(?: (?:for|in|at|with))? (?:us|me|our|my)|(?:right )?up (?:our|my) (?:street|alley)|good pitch|nice pitch|great pitch|(?:on|is on) my (?:list|radar|agenda|desk)|(?:i am|i'm|we are|we're) open to|open to (?:this|it|that|discuss\\w*|hear\\w*|ideas|suggestions)|(?:resend|send (?:over|across|through|me|us|it)|forward|share)(?: \\w+){0,3} (?:overview|deck|info|details?|pricing|proposal|quote|brochure|link|again|please)|what (?:information|info|details?|data) (?:do you|would you) (?:need|require|want)|(?:get|need|request|want|give (?:me|us))(?: \\w+)? (?:access|a trial|started|set up|onboarded)$|(?:give|giving) (?:it|this) a (?:go|try|shot|whirl)|(?:convince|impress|surprise) me|outgrown|(?:agency|vendor|supplier|provider|tool)(?: \\w+){0,2} (?:dropped|quit|closed|failed|let us down|stopped)|^actually yes|this might be it|(?:need|want) (?:exactly )?(?:this|that|one)$|ready to (?:buy|order|sign|start|go)|(?:get|got) (?:us|me) (?:thinking|hooked)|send pricing|send (?:it|me|us|more|the|your|over)",
      ],
      unless: [
        'lawyer|solicitor',
        "(?:stop|unsubscribe|don't|do not) ",
        'send (?:it|them|this) (?:to|elsewhere)',
        'no more',
        'your interest',
        'how can (?:i|we) help',
      ],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        "(?:send|share|forward|fire|shoot)(?: \\w+){0,3} (?:whatever|everything|anything|all|what) you(?:'ve| have)(?: got)?|(?:review|compar|evaluat|assess|shortlist|consider|explor|research|investigat)(?:ing|e)(?: \\w+){0,3} (?:tools?|vendors?|options?|solutions?|providers?|suppliers?|alternatives|this|platforms?|software|market)|up for (?:it|this|a (?:trial|test|pilot|demo))|(?:we|i)(?:'d| would)(?: \\w+)? need it|(?:good|right|perfect|great|opportune) (?:moment|time)|set (?:us|me) up|(?:need|want|use) it for|(?:take|have) (?:a |another )?(?:closer )?look at (?:it|this|what you|your)",
      ],
      unless: [
        'not (?:a |the )?(?:good|right|great|perfect)',
        'look at (?:it|this) (?:again|later|next|in|at)',
        "don't|won't|can't|cannot",
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:can|could|shall|may|might) (?:we|you|i) (?:do|make|fit|find|manage|spare|get)(?: \\S+){0,4} (?:minutes?|mins?|half an hour|an hour|monday|tuesday|wednesday|thursday|friday|tomorrow|next week)',
      ],
      unless: ['next (?:year|quarter)', 'in my absence|urgent'],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        "why don't we (?:\\w+ )?(?:meet|talk|speak|catch|chat|call|do|jump|hop|schedule|set|have)|book (?:yourself|yourselves) in|book (?:here|below)|(?:catch up|touch base|sync|connect|speak|talk|chat|meet)(?: \\w+){0,2} (?:on |at |over |next |this |tomorrow|monday|tuesday|wednesday|thursday|friday)|(?:phone|ring|call|dial) me|give me a (?:shout|call|ring)",
      ],
      unless: [
        'next (?:year|quarter|month)',
        'urgent|emergency|in my absence',
        "(?:don't|do not|never|stop) (?:phone|ring|call|dial)",
      ],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        "^(?:sorry,? |hi,? )?(?:i'm|i am|i work) (?:in|from|with) (?:the )?(?:accounts?|accounting|hr|human resources|it|finance|legal|support|logistics|engineering|production|payroll|customer service|facilities|reception|maintenance|r&d|design|warehouse)\\b|(?:redirect|reroute|readdress|direct|address|forward|send|refer|resend) (?:your|this|the|such|these) (?:\\w+ )?(?:enquiry|inquiry|request|mail|e-?mail|message|question|offer|proposal|note)?(?: ?to) (?!(?:me|us|my)\\b)\\w+|(?:not|isn't) (?:up to|down to) me|not my (?:call|decision|choice|department|job|area|business)|^(?:please |just |better |maybe |you could )?ask (?:our|my|the) \\w+|[a-z]+(?: [a-z]+)? (?:heads|leads|runs|manages|oversees) (?:that|this|the|our|all)",
      ],
      unless: [
        'who (?:heads|leads|runs|manages)',
        'urgent|in my absence',
        '(?:send|forward|refer) (?:the|this|your) (?:\\w+ )?(?:proposal|offer|info|details) to (?:me|us|my)',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:inbox|mailbox|e-?mail|account) is (?:only )?(?:checked|read|monitored|reviewed) (?:once|twice|daily|weekly|periodically|during|only)|(?:message|request|e-?mail|enquiry|inquiry) has (?:reached|arrived)|(?:reference|ref|ticket|case|request)(?: (?:number|no|id))? ?[:#]? ?#?[a-z]{0,4}-?\\d{2,}[\\d-]*',
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:squeeze|fit|pencil|slot) (?:you|me|us|it|this) in|(?:a few|some|couple of|two|three) (?:slots|times|dates|options)|phone is (?:easiest|best|better|fine)|(?:reachable|available|free|around|in the office) (?:after|before|between|from|until|at|on|most|all|tomorrow|today|next)|(?:yes|ok|okay|happy|up) (?:to|for|with) (?:the|a|your) (?:\\d+|fifteen|thirty|short|quick)|set (?:something|it|this|that|a time) up|(?:my|with my) (?:pa|assistant|secretary|ea)(?: \\w+){0,3} (?:diary|calendar|time|schedule|find|book|set|arrange)|(?:want|like|love|happy|good|great) to meet(?: (?:there|up|you|in person))?|meet (?:there|up|in person|at the)|^(?:monday|tuesday|wednesday|thursday|friday|tomorrow|today|next week)(?: (?:morning|afternoon|evening|lunchtime|then|maybe|perhaps|works?|is (?:good|fine|ok)))*$',
      ],
      unless: [
        '(?:urgent|emergency|in my absence|out of (?:the )?office|back (?:in|on))',
        '(?:nice|good|great|pleased|lovely) to meet you$',
        'unavailable|not available',
      ],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        "(?:wrong|not the) one to (?:ask|talk to|contact|speak to)|^(?:afraid |sorry )?(?:i'm|i am) (?:a |an |the )?(?:contractor|freelancer|intern|student|temp|trainee|apprentice|receptionist|assistant|secretary|developer|nurse|teacher|accountant|data protection officer|dpo|volunteer|consultant|board member)|(?:should|must|has to|have to|needs to|better|best) go (?:to|through|via) (?!(?:me|us)\\b)\\w+|(?:go|belongs?|goes) elsewhere|(?:now|currently) (?:under|with|run by|handled by|managed by|done by|led by|in the hands of|the responsibility of) [a-z]+|used to (?:run|do|handle|manage|be (?:responsible|in charge))|(?:contact|e-?mail|write to|mail|try|use|reach|ask|message|go to) \\S+@\\S+|(?:looped|copied|added|cc'd|cced|included|introduced|brought)(?: in)? [a-z]+(?:,| who| our| from| in)|would be the (?:one|person|right|best)|(?:our|the|my) (?:\\w+ ){0,2}(?:lead|buyer|head|manager|team|department|owner|chief|officer|boss)(?: \\w+){0,2} (?:would be|is the|decides|takes|should)",
      ],
      unless: [
        '(?:urgent|in my absence|in the meantime|while i|during)',
        '(?:stop|unsubscribe|remove)',
        'used to (?:run|do|handle|manage) (?:this|it) (?:with|using|in|on|by hand|manually)',
        '(?:send|email) (?:it|them|the \\w+|info|details)(?: \\w+)? to',
        'support@|help@',
        'my (?:diary|calendar|schedule)',
      ],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        "(?:no longer|not) here(?: any ?more)?|(?:i|he|she|they|who|[a-z]+)(?: have| has|'ve|'s|'d) left(?: (?!(?:a|an|the office|my|his|her|it|you|me|for (?:lunch|today|vacation|holiday))\\b)[a-z]+)?(?:$| and| in| on| last| at| for)|(?:mailbox|inbox|account|address)(?: \\w+){0,3} (?:closed|deactivated|disabled|deleted|shut down|discontinued)|person you are (?:trying|attempting) to reach|(?:has|have) left us",
      ],
      unless: [
        'left (?:a |an )?(?:message|voicemail|comment|note|review|question)',
        'left the office',
        'no longer here for (?:this|that)',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        "no-?reply|not (?:read|monitored|checked|answered)|(?:high|large|unusual\\w*|increased) (?:volume|number|amount) of (?:requests|e-?mails|messages|enquiries|inquiries|tickets|calls)|response times?|(?:enquiry|inquiry|request|ticket|case|message) (?:has been|was|is) (?:logged|received|registered|queued|raised|submitted)|(?:someone|somebody|we)(?: \\w+)? (?:will|'ll) (?:get back|respond|reply|be in touch|contact)(?: \\w+){0,4}|(?:thanks|thank you) for (?:reaching out|getting in touch|contacting|writing) (?:to )?[a-z]+",
      ],
      unless: [
        "(?:i|we) (?:have|'ve)? ?not (?:read|checked)",
        'interested|(?:not|no) (?:for|need|now|thanks)|but ',
        "i will|i'll|reaching out (?:to (?:me|us)|again|nora|about)|after|once|when|if ",
      ],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        "(?:i'm|i am|i will be|i'll be) (?:off|out|away|gone|offsite|on sabbatical)(?: (?:until|till|til|from|for|on|this|next|sick|work|today|the))|at an? (?:offsite|off-site|retreat|seminar|summit|fair)(?:, back| until| till|$)|family (?:matter|emergency|reasons)|(?:summer|winter|christmas|easter) (?:holidays?|vacation|break|shutdown)",
      ],
      unless: ['after (?:the )?(?:summer|christmas|easter)', "want to meet|let's meet"],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:come|drop|stop|swing) (?:by|over|in|round)(?: (?:to|at|our|my|the|and))|visit (?:us|our)|(?:dial|reach|get hold of|get) me (?:on|at|tomorrow|today|this|any|before|after|between|in the)|reschedul\\w+|(?:move|push|shift|postpone|bring forward)(?: (?:it|that|this|our|the|call|meeting|appointment))* (?:to|by|until) |accept(?:ed|ing)? (?:your|the) (?:invitation|invite|meeting)|any ?time (?:before|after|between|on|from|next|this|that|works|is)|(?:find|suggest|offer|pick) (?:a |some |another )?(?:time|slot|date)|(?:diary|calendar) (?:for|on|next|this)|discuss (?:this|it|that|further|everything)?(?: \\w+){0,3} (?:over|by|on|via) (?:the )?(?:phone|zoom|teams|call|video|coffee|lunch)|when can (?:you|we|i)',
      ],
      unless: [
        '(?:urgent|emergency|in my absence)',
        'visit (?:our|us) (?:website|site|page|help)',
        'stop by (?:itself|default)',
      ],
    },
    {
      class: 'meeting_request',
      when: [
        `(?:can|could|shall|should|may|might|let's|lets|let us|happy to|glad to|love to|like to|keen to|want to|open to|up for|free for|available for|ready for|time for|schedule|scheduling|set up|setup|arrange|book|organi[sz]e|fix|have|hop on|jump on|get on|do|plan|propose|suggest|for)(?: (?:we|you|i|me|us|to|a|an|the|please|some|quick|short|brief|this|have|do|schedule|book|set up|arrange|plan|hop|jump|get|on|up|over|into|it|with|your|my|our|team|introductory|intro|discovery|proper|first|follow-?up|\\d+[- ]?(?:minutes?|mins?|min)?|fifteen|thirty|twenty|half|hour|minutes?|ten|five|minute|time|for))* ${meeting}(?! (?:center|centre|to action|log|list|bot))`,
        `(?:call|ring|phone|give (?:me|us) a (?:call|ring|bell|buzz)|reach)(?: (?:me|us))(?: (?:back|up|directly|please|later))*(?: (?:on|at|this|${day}|between|before|after|around|in the|when|anytime|any time|tomorrow|today|\\+?\\d|my|next))`,
        'give (?:me|us) a (?:call|ring|bell|buzz)|^(?:please |pls |just )?call (?:me|us)|call me',
        `(?:(?:how about|what about|are you|let's (?:say|do|meet)|say|maybe|perhaps|try)(?: \\w+){0,3}|(?:would|does|is|could|can)(?: (?:you|we|i|it|that|be|do|make|manage|either|later|early|on|at))*|will you(?: \\w+){0,2}) (?:${day}|${time})|(?:would|does|is|could|can|will)(?: \\w+){0,3} (?:${day}|${time})(?: \\S+){0,6}? (?:work|works|suit|suits|good|ok|okay|fine|possible|available|free|convenient|for you)`,
        `(?:${day}|${time})(?: \\S+){0,5} (?:works?|suits?|is (?:good|fine|ok|okay|best|perfect|great|free|open|better)|would (?:work|be (?:good|fine|best|great|ok|perfect)|suit)|sounds? (?:good|great|fine)|fits?|for a (?:call|chat|meeting|demo))`,
        `(?:i am|i'm|we are|we're|i have|we have|i've|i could|i can|we can|am) (?:(?!not )\\w+ )?(?:free|available|a slot|slots?|time|open|around|an? (?:opening|gap|window)|do|meet|talk|speak|make|some time|availability)(?: \\S+){0,4} (?:${day}|${time})`,
        '(?:send|shoot|drop|forward|fire)(?: (?:me|us|over|through|across|please))*(?: (?:a|an|the|your|over|some|me|couple of|few|calendar|meeting|zoom|teams|google))* (?:invite|invites|invitation|calendar link|calendly|booking link|available times?|time ?slots?|times|availability|availabilities|dates|slots)',
        '(?:book|grab|pick|choose|find|select|reserve|schedule|propose|suggest|offer|name|give (?:me|us))(?: (?:a|an|some|any|the|me|us|two|three|couple|few|of|or|another|yourself|your|time|in|on|free|directly|yourselves|that|which|\\d+))* (?:time|times|slots?|dates?|minutes|appointment|meeting|day|half hour|availability)(?! (?:period|frame|being))',
        '(?:calendly|cal\\.com|hubspot\\.com/meetings|meetings?\\.|/meet/|my (?:calendar|diary|schedule|availability|booking)|calendar (?:link|is|here)|booking (?:page|link))',
        'when (?:are|would|can|could|is|do) (?:you|we|it)(?: \\w+){0,3} (?:free|available|meet|talk|speak|call|good|chat|suit|convenient|work)|what (?:time|day|does your|is your availability|times?|days?)(?: \\S+){0,5} (?:work|suit|look|good|best|available|free|for you|like)',
        `(?:meet|talk|speak|chat|catch up|connect|discuss(?: (?:this|it))?)(?: \\w+){0,4} (?:on |at )?(?:${day}|${time}|in person|over (?:the )?(?:phone|zoom|coffee|lunch)|via (?:zoom|teams|phone|video))`,
        `^(?:${day})(?: \\S+){0,4} (?:${time})`,
      ],
      unless: [
        '(?:no|not) need (?:for|to)',
        'next (?:year|quarter)',
        'in (?:my|his|her) absence',
        "(?:can't|cannot|won't be able to) (?:make|do|attend)(?! .{0,60}(?:how about|what about|could|can we))",
        'instead of a call',
        'discuss (?:it|this|that) (?:internally|with (?:the|my|our))',
        "don't (?:need|want) a",
      ],
    },
  ],
};
