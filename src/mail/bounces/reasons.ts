import type { Reason } from './types.ts';

export type TextRule = readonly [text: RegExp, reason: Reason];

/*
 * What servers say, in general; `hosts/` has what one provider says in its own way. Texts are in lower case, on one line, with addresses as
 * "x@x" and without the paths of URLs. The first rule that matches decides. The vocabulary follows Sisimai's definitions of its reasons.
 */

/** Reasons that a text may give together with a code for an address that does not exist: they decide. */
export const strongRules: readonly TextRule[] = [
  [/throttling failure/, 'toomanyconn'],
  [/not enough free space/, 'systemfull'],
  // Limits of the sender, which speak of quotas and of exceeding, too.
  [
    /(?:submission|sending|message|relay|hourly|daily) (?:\w+ )?(?:quota|limit)[^.;]{0,20} (?:exceeded|reached)|quota for sending/,
    'speeding',
  ],
  [
    /over[- ]?quota|over (?:the |its |their |his )?(?:allowed |disk |storage |mail )?quota|quota (?:usage |limit |is |has been |was |would be )*(?:exceed|violat|full|reached)|exceed\w* (?:the |its |their |his |your )?(?:\w+ )?(?:quota|storage|disk space)|(?:disk|disc|storage|diskspace) ?quota|reached (?:disk|storage) quota/,
    'mailboxfull',
  ],
  [
    /(?:mail ?box|mail ?folder|mail ?dir|in-?box|account|mail ?file)(?: \S+)?(?: is| was| has been)?(?: currently| temporarily| almost| too)? full\b|full mail ?box|mail ?box\b[^.;]{0,40} (?:exceeded|exceeds|would exceed)|mailbox size limit|out of (?:storage|disk)|not (?:have )?enough (?:\w+ )?space|would exceed max\w* allowed storage|too much mail data|too many messages (?:on the server|in (?:the |this |your )?mailbox)|space (?:has been |is )?used up|storage (?:limit|allocation)|destinataire pleine|exceeding receiving limits|mail file size exceeds/,
    'mailboxfull',
  ],
  [
    /too (?:big|large) for this (?:recipient|system)|max(?:imum)? (?:inbound |incoming |allowed )?(?:message|mail|e-?mail) size|(?:message|mail|e-?mail)(?: file)?(?: size| length)? (?:is )?(?:too big|exceed\w* (?:\w+ ){0,3}(?:size|length|limit|maximum|value))|size limit|line limit exceeded|taille limite/,
    'mesgtoobig',
  ],
  [
    /(?:message|mail|content|body) (?:is )?too large|exe?c?eeded the maximum size the user|message header size exceeds/,
    'exceedlimit',
  ],
  [
    /(?:account|mail ?box|user|recipient|domain)\b(?: \S+)?(?: that you tried to reach)?(?: is| has been| was| or domain is| currently| temporarily| temporary|:)* (?:disabled|suspended|deactivated|frozen|locked|terminated|discontinued|archived|closed|blocked for inactivity)|inactive (?:account|mailbox)|(?:account|mailbox|recipient) (?:is |rejected: temporarily )inactive|invalid\/inactive|a (?:deactivated|disabled|suspended) (?:mailbox|account)|archived recipient|destinataire archiv|compte du destinataire est bloque|unavailable or access denied|suspend the service|no longer accepts mail|disabled or discontinued|is currently suspended|has been suspended|temporar(?:y|ily) locked|administrativ\w+ disabled/,
    'suspend',
  ],
  [
    /no longer on (?:this |the )?server|(?:has|have) (?:been replaced by|moved to)|\b551 (?:\d\.\d\.\d )?(?:not our user|user not local|user has moved)/,
    'hasmoved',
  ],
  [
    /not subscribed to ses|authentication failed; server|smtp auth(?:entication)? (?:in|is|required)|turn on smtp auth|authentication (?:is )?(?:required|turned on|credentials invalid|failure)|unauthenticated senders|authentif?ication (?:requise|invalide)|authrequired/,
    'securityerror',
  ],
  [
    /relay(?:ing)?(?: access| mail)?(?: is| was)?,? ?(?:denied|not permitted|not allowed|prohibited|disallowed)|unable to relay|as a relay|not (?:allowed|permitted|configured) to relay|(?:open|insecure mail) relay|that domain isn't in my list|attempting to send to a non-local|not a gateway|not local host|relaying mail to|not handle mail for|don't handle mail for|list of allowed rcpthosts/,
    'norelaying',
  ],
  [
    /\b(?:spf|dkim|dmarc)\b[^;]{0,60}\b(?:fail\w*|rejected|invalid|did not pass|not pass|violat\w*|polic(?:y|ies)|hard ?fail|unauth\w*)|\b(?:fail\w*|rejected|unauthenticated|not pass|authenticate|violat\w*)\b[^;]{0,90}\b(?:spf|dkim|dmarc)\b|sender policy framework|unauthenticated e?-?mail|fails? (?:to pass )?authentication|your spf|spf record|pass (?:either )?spf|\/\/(?:www\.)?(?:openspf|spf\.pobox)/,
    'authfailure',
  ],
  [
    /\bptr\b|\brdns\b|(?:fix|required?|no|without|invalid|valid|with) reverse dns|reverse (?:dns|lookup|name)[^.;]{0,40}(?:fail|required|reject|not|invalid|mismatch)|reverse dns (?:name|lookup for)|forward dns|dns lookup failure: \S+ try again|ip name lookup failed|cannot find your (?:reverse )?host ?name|unverifi?yable sending ip|mismatches client ip|unresolvable relay host/,
    'requireptr',
  ],
  [
    /multiple (?:\w+ )?headers?\b|(?:duplicate|missing|malformed) (?:\w+: )?headers?\b|multiple addresses in from|with multiple (?:\S+ )*addresses|missing a valid (?:address|message-id)|not rfc|rfc[ -]?\d{3,4} compliant|not (?:a )?(?:valid )?rfc|blank from: addresses|message is malformed/,
    'notcompliantrfc',
  ],
  [/reputation|unexpected volume or user complaints/, 'badreputation'],
  [
    /blocked by the recipient|not found recipient account|bounced address|due to extended inactivity|resolver\.rst\.notauthorized/,
    'filtered',
  ],
  [/blacklisted url|no spam please|by spamassassin|dt:spm|bulk\.advert|antispam|possible spam\/virus/, 'spamdetected'],
  [/rejected for policy reasons|accepting mail with (?:attachments|embedded)/, 'policyviolation'],
  [
    /sender (?:address |domain |verif\w+ |email )?(?:\S+@\S+ )?:?(?:is |was |has been |access )*(?:rejected|invalid|denied|refused|unknown|not (?:allowed|pre-?approved|accepted|permitted|registered|valid|exist)|spammer|fail\w*|empty|listed|blocked|blacklisted|on \S+ list)|sender is (?:spammer|on|in)|(?:invalid|unknown|bad|unroutable|unverified|empty|null|banned) (?:envelope )?sender(?! ip)|domain of sender|denied sender|emetteur invalide|mail from not owned|mail from \S+ rejected|from: domain is invalid|reject mail from|non-?member|members-only|not (?:a )?member|not (?:allowed|authorized|permitted) to post|not allowed to send to|returned mail not accepted|administrative prohibition|spam reporting address|too many spam complaints|is a dead domain|registered gateway user|send(?:ing)? (?:this )?from a different address|purported responsible address|senderfilter|outgoing mail suspension|valid sender domain|all recipient addresses rejected ?: access denied|backscatter|badsendermx|sendernoa|valid-address-filter|administratively denied|does not accept mail from|to submit messages to this e-?mail system|fully qualified email address required|\bbatv\b|bogus mail from|\[bouncedeny\]|e2110|envelope blocked|third-party dsns|email address is not verified|recursive cname|rule imposed mailbox access|unsigned dsn|sender isn't on|empty email address|email address has been blacklisted/,
    'rejected',
  ],
  [
    /too many (?:concurrent |simultaneous )?(?:smtp )?(?:connections|sessions|recipients|errors)|connection rate|frequency limited|trop de connexions|(?:maximum|per-domain|concurrent) connection|max(?:imum)? (?:emails|messages) per|numerous attempts to deliver|thread limit|connections? limit/,
    'toomanyconn',
  ],
  [
    /(?:too|mail) (?:quickly|fast|rapidly)|at a rate|rate[- ]?limit|throttl|too many (?:messages|mails|e-?mails)|excessive (?:volume|mail)|per hour|exceeded (?:permitted|allowable) limits|slow down/,
    'speeding',
  ],
  [
    /blocked using|black ?list(?:ed)?\b|block ?list|\b(?:rbl|dnsbl|xbl|sbl|pbl|bl)\b|spamhaus|spamcop|abuseat|barracudacentral|surriel|sorbs|blocked (?:- |by |due |for )|refused - see|client host|(?:sending|source|client|sender|connecting|your) (?:\w+'s )?ip\b|\bip (?:address )?\S* ?(?:is |was |has been )?(?:blocked|listed|rejected|denied|banned|blacklisted)|bad (?:sender )?ip|dynamic ip|helo command|(?:helo|ehlo)[^.;]{0,30}(?:rejected|invalid|denied)|not accepting connections|go away|no access from|closing transmission channel|connection (?:was )?(?:dropped|reset by peer)|accepting mail from your|accept mail from (?:dynamic|hosts)|smtp server of your isp|invalid ip|sending spam|spam (?:source|ips?|host|incident)|spams from your|suspiciously like spammer|not allowed to (?:connect|send mail from)|server requires confirmation|confirm this mail server|open proxy|listed as abusive|was blocked by|gr[ae]y-?list|host network not allowed|no valid recipients from|matches to nameserver query|mail server at \S+ is blocked|mail from \S+ refused|\b5\d\d (?:\d\.\d\.\d )?(?:blocked\b|connection refused)|my name was rejected|has not passed validation|unwanted messages have been sent/,
    'blocked',
  ],
  [/\bvirus(?:es)?\b(?!\/spam)|malware|infected|trojan|potentially executable/, 'virusdetected'],
  [
    /\bspam(?:my|ming)?\b|spam-like|\bube\b|unsolicited|bulk (?:e?-?mail|advert)|mass mail|content (?:was )?(?:rejected|denied|filter)|(?:unacceptable|banned|inappropriate) content|spamassassin|spamprofiler|spamscore|spam(?:bouncer|cop)|message (?:looks|filtered)|content matched|blacklisted url|\b(?:uribl|surbl|dbl)\b|recurrent pattern/,
    'spamdetected',
  ],
];

/** Statements about an address, its domain, and what takes mail for it. */
export const addressRules: readonly TextRule[] = [
  [
    /null mx|does(?: not|n't) (?:accept|receive) (?:any )?(?:e-?mail|mail|messages)\b(?! from)|no mx (?:record )?(?:found|for)|indicated no smtp service|no host found for existing|find (?:a|any) (?:mail exchanger|mail server|mx)|no (?:mail exchanger|valid mx)|name server: \.: host not found|no route for current request|returned a permanent error/,
    'notaccept',
  ],
  [
    /dns records for|host not found, try again|host name lookup failure|(?:dns|name server|name service)[^.;]{0,30}(?:temporar|try again|servfail|malformed)|malformed (?:or unexpected )?name server|unrouteable mail domain|host is unreachable/,
    'networkerror',
  ],
  [
    /\b(?:host|domain|domain name|mail domain)(?: \S+)? (?:is )?(?:unknown|not found)|\b(?:host|domain|domain name|destination)(?: \S+){0,2} (?:does(?: not|nt|n't) exist|must exist|(?:could not|couldn't|can't|cannot) be (?:found|resolved)|may not exist)|domain is not reachable|no such (?:domain|host)|find any host|answer with no data|domain doesnt exist|point to non-existent hosts|address lookups failed permanently|unknown (?:host|domain|mail domain)|unrout(?:e)?able address|nxdomain|name or service not known|invalid (?:recipient )?domain|nonexistentdomain|non-?existent (?:host|domain)|mail domain mentioned|bad destination host|illegal host/,
    'hostunknown',
  ],
  [
    /refused due to recipient preferences|(?:user|recipient)s? (?:id )?(?:refuses?|rejects?) (?:to )?|user reject|message rejected due to user rules|blocked by the recipient|only accepting mail from|is not accepting (?:any )?mail|account is protected|cannot route mail to user|restricted sms|domain[- ]filter|rejected by recipients/,
    'filtered',
  ],
  [
    /\b(?:user ?id|user|mail ?box|recipient|address(?:es)?|account|alias|local[- ]part|person|spectator|name|mailbox path)\b[^.;]{0,80}?\b(?:unknown|unavailable|unavaiable|undeliverable|not found|not exist|(?:does|do|did|is|was|were|has|could|can)(?: not|n't)(?: be)? (?:exist|found|valid|a valid|known|recogni[sz]ed|listed|in|local|active|have an?|accepted|been found)|not (?:known|listed|recogni[sz]ed|present|valid|active|local|in|ok|a valid|accepted|an active|have an?)|invalid|no longer|doesn't have|non-?existent|is wrong|terminated|expired|missing home)/,
    'userunknown',
  ],
  [
    /\b(?:unknown|no such|invalid|non-?existent|nonexisting|bad|illegal|incorrect|undeliverable|wrong|unlisted)[ _-](?:or \w+ )?(?:local |virtual |destination |final delivery |e-?mail )?(?:user ?id|user|mail ?box|recipient|address|account|alias|person|local[- ]part|e-?mail)|user ?unknown|no (?:account|mail ?box|user|recipient)\b|no valid recipients, bye|there is no one at|not (?:a |an )?(?:valid|known|local|active|e-?mail) (?:user|recipient|mail ?box|address)|bad ?(?:rcpt|recipient)|validrcptto|recip\w*notfound|couldn't be found|inconnu|destinataire invalide|unbekannt|nessun utente|no existe|usuario desconocido|account unavailable|in name directory|no valid recipients for this|ディレクトリ(?:のリスト)?に(?:は)?(?:見つかりません|ありません)|not listed in (?:the )?\S+ (?:directory|name & address book)|server rejected recipients|recipients was undeliverable|rcpt [<(]x@x[>)] does(?: not|n't) exist|check if (?:the )?address is correct|envelope recipient has been denied|recipient(?: address)? rejected(?:$|\.|: (?:access denied|unknown|invalid|user|undeliverable|no such|not ))|that domain or user isn't|mailbox (?:is )?(?:unavailable|inactive)|can't accept user|can't find recipient|not accept this recipient|> not found|no thank you rejected|to unknown/,
    'userunknown',
  ],
];

/** What is said of the message, the way and the server, if nothing above matches. */
export const weakRules: readonly TextRule[] = [
  [/(?<!recipient |\bip |5\.1\.0 )address rejected\b/, 'rejected'],
  [
    /(?:support|without|requires?|use|no|offer) (?:for )?(?:starttls|tls)\b|(?:starttls|\btls\b)[^.;]{0,40}(?:fail|not (?:support|available|offered)|error|handshake|negotiation|required)/,
    'failedstarttls',
  ],
  [/header size exceeds|exceeds (?:the )?policy (?:limit|max)|too many "?received"?:? headers/, 'contenterror'],
  [
    /polic(?:y|ies)|prohibited|header error|headers? (?:is|are) not accepted|closed mailing list|not subscribed|attachment|protocol violation|presents a potential|low priority|organizational settings|solving a captcha/,
    'policyviolation',
  ],
  [
    /8-?bit data|mime (?:headers|complexity)|unnecessary base64|binary(?:-| )?(?:formatted )?content|invalid characters|bare (?:lf|line ?feed)|recipient list, exceeds/,
    'contenterror',
  ],
  [
    /able to establish an smtp connection|best-preference mx|exceeded maximum hop|too many hops|hop count|maximum forwarding|forwarded more than|mail ?forwarding loop|message (?:is )?looping|routing loop|possible mail loop|indicate a mail loop|mail loop detected/,
    'networkerror',
  ],
  [
    /procmail|maildrop|mailer error|command (?:died|failed|output|time limit)|pipe to|\|\/|\|\| exit|exit(?:ed)? (?:status|with|code)|delivery agent/,
    'mailererror',
  ],
  [
    /system (?:is )?full|insufficient (?:system )?(?:storage|resources|disk)|no space left|mail system congestion/,
    'systemfull',
  ],
  [
    /\bloops?\b|system (?:config|incorrectly)|(?:system|internal|server|local|processing|configuration|upstream) (?:server )?(?:error|problem|failure)|temporary (?:\w+ )?(?:error|problem)|temporary (?:local|system|server) failure|local configuration|misconfigur|service (?:is )?(?:currently |temporarily )?(?:unavailable|not available|not active)|server (?:is )?(?:busy|temporarily)|queue file write|interrupted system call|error (?:in|while) (?:being )?process|can't create|unable to contact ldap|ldap|homedir|executing qmail|bad interpreter|several matches found|delivery to (?:file|pipe) forbidden|local delivery failed|lmtp error|could not load|there is no mdb|waiting for input|transaction failed|operation now in progress/,
    'systemerror',
  ],
  [
    /could not connect and send|no route to host|network (?:is )?(?:unreachable|error)|lookup (?:error|failure|failed)|dns (?:error|failure|query)|could not resolve|unable to resolve|servfail|name service error|could not be found/,
    'networkerror',
  ],
  [
    /timed? ?out|timeout|expired|queue too long|retry time|give up|giving up|gave up|delivered for more than|has been delayed|is delayed|failing for a long time|did not respond|attempts will continue|queue period|multiple retries|not been (?:collected|delivered)|not yet been delivered|will be retried|after \d+ (?:tries|attempts)|could not find a gateway|failed to deliver to domain|connection refused|in the queue|requests to connect|could not contact dns|could not (?:connect|be reached)|unable to connect|not reachable|unreachable/,
    'expired',
  ],
  [/not authori[sz]ed|verification failure|access denied|not permitted|forbidden|credentials/, 'securityerror'],
  [
    /syntax error|malformed address|nested too deep|expected word|bad sequence|unrecogni[sz]ed command|not implemented|improper command/,
    'syntaxerror',
  ],
];
