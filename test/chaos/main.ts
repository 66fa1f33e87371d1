/** `npm run test:chaos`: engine.ts; with `-- --mail`: mail.ts. Both print their seed, and exit with 1 when a promise was broken. */
await import(process.argv.includes('--mail') ? './mail.ts' : './engine.ts');
