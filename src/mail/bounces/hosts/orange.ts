import type { Provider } from './provider.ts';

/** Orange, Wanadoo, La Poste and SFR: the number in OFR_506, LPN007_102 or OUK_513 says what it is. postmaster.orange.fr */
export const orange: Provider = {
  hosts: /(?:^|\.)(?:orange|wanadoo|voila|laposte|sfr)\.(?:fr|net)$/,
  signature: /\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-]\d{3}\b/,
  rules: [
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-]104\b/, 'toomanyconn'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-](?:305|402)\b/, 'securityerror'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-](?:401|517)\b/, 'authfailure'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-](?:403|405|415|421)\b/, 'rejected'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-](?:416|418)\b/, 'userunknown'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-]417\b/, 'mailboxfull'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-](?:420|426)\b/, 'suspend'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-]505\b/, 'systemerror'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-](?:506|513)\b/, 'spamdetected'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-]514\b/, 'mesgtoobig'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-]630\b/, 'policyviolation'],
    [/\b(?:ofr|lpn|lpnaaa|ouk)\d{0,3}[_-](?:10[1-357-9]|109|201|42[34]|510|999)\b/, 'blocked'],
  ],
};
