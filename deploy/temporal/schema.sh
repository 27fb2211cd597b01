#!/bin/sh
# Brings Temporal's two databases to the schema of this server version. Safe to run at every start.
# The password is read from SQL_PASSWORD.
set -eu

schema=/etc/temporal/schema/postgresql/v12

tool() {
    temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal "$@"
}

bring_up_to_date() {
    tool --database "$1" setup-schema --version 0.0
    tool --database "$1" update-schema --schema-dir "$schema/$2/versioned"
}

bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
