#!/bin/sh
# Makes the namespace and its search attribute where they are missing. Safe to run at every start.
# Takes TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and RETENTION from the environment.
set -eu

retention="${RETENTION:?say how long closed workflows are kept, as 2160h}"

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1; then
    temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
fi

# A new namespace is known everywhere after a few seconds; until then an attribute is refused.
tries=0
until temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name MendworkFactory --type Keyword; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || exit 1
    sleep 1
done
