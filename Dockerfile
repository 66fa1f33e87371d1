# Outrider without the embedded PostgreSQL: DATABASE_URL names the database.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY sdk/package.json ./sdk/
COPY dashboard/package.json ./dashboard/
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.ts scripts/build-dashboard.mjs ./scripts/
COPY sdk/src ./sdk/src
COPY dashboard/index.html dashboard/vite.config.ts ./dashboard/
COPY dashboard/public ./dashboard/public
COPY dashboard/src ./dashboard/src
COPY src ./src
RUN npm run build

# The optional dependencies are PostgreSQL and Node themselves; the image has one of its own and needs no other.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional

FROM node:24-bookworm-slim
ENV NODE_ENV=production OUTRIDER_DATA_DIR=/data
# The master key is generated into /data when the environment brings none.
RUN install --directory --owner=node --group=node --mode=0700 /data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
VOLUME /data
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OUTRIDER_PORT ?? 8080}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Exec form: the server is process 1 and gets SIGTERM itself.
CMD ["node", "--max-semi-space-size=16", "bin/outrider.mjs", "serve"]
