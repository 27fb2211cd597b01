#!/bin/sh
# Makes the roles and databases, once, when PostgreSQL starts on an empty volume.
# Neither role may see the other's data, and neither is a superuser.
set -eu

# The passwords come from the environment by way of psql, so they appear in no process list.
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv mendwork_password MENDWORK_DB_PASSWORD
\getenv temporal_password TEMPORAL_DB_PASSWORD
CREATE ROLE mendwork LOGIN PASSWORD :'mendwork_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE mendwork OWNER mendwork TEMPLATE template0 ENCODING 'UTF8';
CREATE DATABASE temporal OWNER temporal TEMPLATE template0 ENCODING 'UTF8';
CREATE DATABASE temporal_visibility OWNER temporal TEMPLATE template0 ENCODING 'UTF8';
REVOKE CONNECT ON DATABASE mendwork, temporal, temporal_visibility FROM PUBLIC;
SQL
