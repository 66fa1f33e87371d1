/** `npm run test:chaos`: engine.ts; with `-- --mail` or `-- --campaign`: mail.ts, campaign.ts. All print their seed, and exit with 1 when a promise was broken. */
const has = (flag: string): boolean => process.argv.includes(flag);
await import(has('--mail') ? './mail.ts' : has('--campaign') ? './campaign.ts' : './engine.ts');
