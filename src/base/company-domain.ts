import { domainToASCII } from 'node:url';
import { getDomain, parse } from 'tldts';
import { domainOf } from './email-address.ts';

/** Domains at which anybody can have an address: two people of one are not of one company. */
const freeMail = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it hotmail.es live.com live.co.uk live.de live.fr live.nl live.se ' +
    'msn.com passport.com yahoo.com yahoo.co.uk yahoo.co.jp yahoo.co.in yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.com.br yahoo.com.au ymail.com rocketmail.com ' +
    'aol.com aim.com icloud.com me.com mac.com proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com fastmail.fm hey.com zoho.com zohomail.com zohomail.eu ' +
    'gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de arcor.de mailbox.org posteo.de mail.com email.com usa.com ' +
    'orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it tin.it bluewin.ch hispeed.ch telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl ' +
    'btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net ' +
    'shaw.ca rogers.com sympatico.ca bigpond.com optusnet.com.au xtra.co.nz uol.com.br bol.com.br terra.com.br mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com rambler.ru ' +
    'ukr.net wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz post.cz abv.bg online.no telia.com spray.se qq.com 163.com 126.com sina.com foxmail.com yeah.net naver.com hanmail.net ' +
    'daum.net docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com'
  ).split(' '),
);

/** As `domainOf`, without `www`, where no addresses are; unless only a public suffix is left. */
export function domainWithoutWww(text: string): string | undefined {
  const domain = domainOf(text);
  const rest = domain?.replace(/^www\./, '');
  return rest === undefined || getDomain(rest) === null ? domain : rest;
}

/**
 * The domain of a company, as people write it: also as a URL, with `www`, or with `@`, `.` or `*.` before it. In ASCII and lower case.
 * @returns undefined for other text, such as an address
 * @example
 * companyDomainOf('https://www.Lovelace.example/about') // 'lovelace.example'
 */
export function companyDomainOf(text: string): string | undefined {
  const name = text.trim().replace(/^@?(?:\*?\.)?/, '');
  const url = URL.parse(/^https?:\/\//i.test(name) ? name : `https://${name}`);
  if (url?.port !== '' || url.username !== '') return undefined;
  return domainWithoutWww(url.hostname);
}

/** As `companyDomainOf`, or a top-level domain, which stands for all domains below it. */
export function excludedDomainOf(text: string): string | undefined {
  const name = domainToASCII(text.trim().replace(/^@?(?:\*?\.)?/, ''));
  const { isIcann, publicSuffix } = parse(name);
  return isIcann === true && publicSuffix === name ? name : companyDomainOf(text);
}

/** Whether anybody can have an address at the domain. */
export const isFreeMail = (domain: string): boolean => freeMail.has(domain);

/**
 * What leads of one company have in common: the contact's company, otherwise the registrable domain of its address; null for a domain
 * at which anybody can have an address.
 * @example
 * companyKeyOf(null, 'mail.lovelace.co.uk') // 'lovelace.co.uk'
 * companyKeyOf(null, 'gmail.com') // null
 */
export function companyKeyOf(companyId: string | null, domain: string): string | null {
  if (companyId !== null) return companyId;
  const registrable = getDomain(domain, { allowPrivateDomains: true });
  // Not below a public suffix, such as a name in a private network.
  const key = registrable ?? domain;
  return isFreeMail(key) ? null : key;
}
