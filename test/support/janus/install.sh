#!/usr/bin/env bash
# Gets the WHIP and WHEP endpoints of Janus for the tests: Debian's simple-whip-server, unpacked and not installed
# (its dependencies conflict with a Node that is not Debian's), and from npm janus-whep-server and what both need.
# No package runs a script of its own. Janus itself is installed by .ci/run, or by: apt-get install janus
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/third-party"

npm ci --silent --ignore-scripts --no-audit --no-fund

# The linter and other tools that read every file pass over node_modules.
mkdir node_modules/.debian
cd node_modules/.debian
download() { apt-get --quiet --quiet download simple-whip-server 2>/dev/null; }
# Without lists of packages, or with old ones, it is not found.
download || { apt-get --quiet --quiet update && download; }
dpkg-deb --extract simple-whip-server_*.deb .
