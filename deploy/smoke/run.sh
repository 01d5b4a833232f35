#!/usr/bin/env bash
# Start the whole stack in containers, publish an article, and wait for its alert. Needs Docker with Compose.
set -euo pipefail
cd "$(dirname "$0")/../.."
export WIREWATCH_CONFIG_DIR=./deploy/smoke/config COMPOSE_PROJECT_NAME=wirewatch-smoke
export SMOKE_SECRET=whsec_c21va2Utc21va2Utc21va2Utc21va2Utc21va2U=
compose() { docker compose -f docker-compose.yml -f deploy/smoke/docker-compose.smoke.yml "$@"; }
ask() { compose exec -T paper python3 -c "import sys, urllib.request as u; print(u.urlopen(u.Request('http://127.0.0.1:8000$1', method='$2'), timeout=5).read().decode())"; }

trap 'compose logs --tail 30 poller worker deliverer dashboard; compose down -v --timeout 5' ERR
compose up --build --detach --wait --scale worker=3
sleep 6   # the first poll has archived what stood in the feed
ask /publish POST
for _ in $(seq 60); do
    received=$(ask /received GET)
    if [ "$received" != "[]" ]; then
        echo "$received" | python3 -c "import json, sys; one = json.load(sys.stdin)[0]; data = one['body']['data']; print('received', one['id'], data['watch']['entity_id'], repr(data['article']['title']), 'after', data['times']['lag_seconds'], 's')"
        compose ps --format 'table {{.Service}}\t{{.Status}}'
        compose down -v --timeout 40
        exit 0
    fi
    sleep 1
done
echo "no alert within 60 s" >&2
false
