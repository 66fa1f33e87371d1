import type { Language } from './language.ts';

export const en: Language = {
  greetings: ['Hi NAME,', 'Hello NAME,', 'NAME,', 'Good morning NAME,', 'Dear NAME,'],
  greetingsWithoutName: ['Hi,', 'Hello,', 'Hi there,', 'Good day,', 'Hello again,'],
  closings: ['Best regards', 'Best', 'Kind regards', 'Thanks', 'Many thanks', 'Cheers'],
  openers: [
    'I hope your week started well. ',
    'Thanks for your message the other day. ',
    'I wanted to write earlier, but the morning was full. ',
    'Only so that I do not forget it. ',
    'I am back at my desk now. ',
    'As promised, a few lines. ',
    'This one is quick. ',
    '',
  ],
  endings: [
    '',
    ' Thank you in advance.',
    ' A short answer is enough.',
    ' I am here until five.',
    ' Have a good day.',
    ' No need to call, mail is fine.',
  ],
  topics: [
    {
      subject: '{Notes|Summary|Minutes} {from|of} {our call|the meeting|this morning}',
      body: '{Here is|This is} what I {noted|wrote down} {today|this morning}: we {start|begin} with the {smaller|shorter} part and {look at|discuss} the rest {next week|after the weekend|on Thursday}. {Did I miss anything|Is something missing|Have I forgotten a point}?',
      reply:
        '{Thanks|Thank you}, that is {complete|all of it|exactly what I had}. {I would only add|One small addition:} the date for the {draft|first version}. {Friday|Wednesday|The 20th} is fine for me.',
    },
    {
      subject: '{Moving|Shifting|New time for} our {appointment|meeting|call}',
      body: 'Something {came up|has come up} and I {need|have} to move our {appointment|meeting}. Would {Tuesday|Thursday|Wednesday} {morning|afternoon|after lunch} {suit you|work for you|be possible}? {Half an hour|Thirty minutes|Forty minutes} should be {enough|plenty}.',
      reply:
        'No problem, that {works|suits me}. {I have changed it|I moved it} in my calendar. {See you then|Talk to you then|Until then}.',
    },
    {
      subject: '{Question|A short question|One question} about the {offer|quote|estimate}',
      body: 'I am {going through|reading} your {offer|quote|estimate} and {wonder|would like to know} whether {delivery|installation|support} is {included|part of the price}. {If not|Otherwise}, {could you add|please add} it as {a separate line|an option}.',
      reply:
        'It is {included|part of it} for the {first year|first order}. {After that|From then on} we {charge|bill} it {once a year|separately}. I will {write it into|add it to} the {document|next version}.',
    },
    {
      subject: '{The draft|First draft|New version} {is ready|for you to read}',
      body: 'The {draft|new version} is {finished|ready} and in the {usual|shared} folder. {Please look at|I am not sure about} the {second|third|last} {page|section}: the {figures|numbers} {may need|need} {a short explanation|a sentence more}. There is no {hurry|rush}.',
      reply:
        'I {have read it|read it over lunch}, and it {reads well|is clear}. I {left|put} {two|three} comments {in the margin|next to the figures}, {nothing big|only small things}.',
    },
    {
      subject: '{Travel|Train|Plans} {on|for} {Monday|Tuesday|Thursday}',
      body: 'I {take|am taking} the train {at eight|at half past seven|shortly after nine} and {should arrive|will be there} {before noon|by eleven}. {Shall we have lunch|Do you have time for a coffee} {before we start|first}?',
      reply:
        '{Good idea|Gladly}. There is a {quiet|small} place {near the station|around the corner}. {Call me|Send me a message} when you {arrive|get in}.',
    },
    {
      subject: '{Order|Delivery} {of|from} {last week|Monday|the 12th}',
      body: 'The {boxes|parts|samples} {arrived|came} {yesterday|this morning}, {thank you|thanks}. {One of them|One} is {smaller|a different colour} than {ordered|expected}. {Shall I send it back|Can you exchange it}, or do we {keep it|use it anyway}?',
      reply:
        '{Sorry about that|My apologies}. {Please keep it|Just keep it}; I {send|am sending} the right one {today|with the next delivery}.',
    },
    {
      subject: '{Photos|Pictures} {for|of} the {new page|brochure|website}',
      body: 'We {still need|are missing} {two|three|a few} {photos|pictures} for the {new page|brochure}. The ones {from the workshop|from last summer} {would fit|would do} well. {Do you still have them|Could you look for them} in {full|a larger} size?',
      reply:
        'I {found|have} them{ on the old disk| in the archive|}. I will {upload|put} them {in the folder|there} {tonight|this afternoon}.',
    },
    {
      subject: '{Holiday|Vacation} {cover|planning} in {May|July|August|October}',
      body: 'I {will be away|am away} {for two weeks|for ten days} in {July|August|October}. {Could you take over|Would you take} the {Monday|weekly} {round|report}, as {last time|last year}? I {prepare|will prepare} {everything|the lists} {before I leave|beforehand}.',
      reply:
        '{Of course|Sure}, I {will do that|can do that}. {Leave me|Write down} the {contacts|phone numbers}, and {enjoy the time off|have a good rest}.',
    },
    {
      subject: '{Your talk|Your presentation|The workshop} {last|on} {Thursday|Wednesday}',
      body: 'I {enjoyed|liked} your {talk|presentation}, {especially|above all} the part about {planning|costs|the first year}. {Would you share|Could I have} the {slides|handout}? {A colleague|My team} would like to {see|read} {them|it}, too.',
      reply:
        '{Glad to hear that|Nice to hear}. I {send|will send} {everything|it} {as soon as I am back|tomorrow}. {Questions are welcome|Ask me anything} {afterwards|when you have read it}.',
    },
    {
      subject: '{Contract|Agreement}: {one detail|a detail|the last point}',
      body: 'The {contract|agreement} is {almost|nearly} {ready|done}. {Only|Just} the {notice period|start date|address} is {open|missing}. {Which one|What} do you {prefer|have in mind}? {Then|After that} I {print|can print} both {copies|sets}.',
      reply:
        '{Let us take|I would take} the {first of the month|usual three months|longer one}. {Otherwise|Apart from that} {all good|I have no changes}.',
    },
    {
      subject: '{Printer|Scanner|The old laptop} in the {office|meeting room}',
      body: 'The {printer|scanner} {upstairs|in the meeting room} {makes noises|stops} {again|after every page}. {Do you know|Do you remember} who {repaired|serviced} it {last time|in spring}? I {would call|will call} {them|the same people} {today|tomorrow}.',
      reply:
        'It was the {shop|company} {across the street|by the bridge}. The {number|card} is {on the lid|in the drawer}. They {usually come|came} {the same day|within a day}.',
    },
    {
      subject: '{Ideas|Suggestions} for the {newsletter|spring edition|team day}',
      body: 'I {collect|am collecting} {ideas|suggestions} for the {newsletter|team day}. So far {we have|there are} {a tour|a cooking course|a short interview} and {a quiz|something outdoors}. {What would you like|Any wish from your side}? {Short notes|A word or two} are enough.',
      reply:
        '{Something outdoors|The tour} {sounds good|would be my choice}. {If it rains|In bad weather}, the {museum|old mill} is {close by|not far}.',
    },
  ],
};
