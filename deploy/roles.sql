-- Two roles: the owner makes and changes tables, the application only works in them. It can
-- neither empty a table nor change what is on record for good: audit, transitions, register.
--
--   psql -d anshang -v password=… -f deploy/roles.sql        as the owner or a superuser
--
-- after the first `migrate` and after every upgrade; DATABASE_URL then names anshang_app. Other
-- names: -v app=… -v owner=…; without -v password the role's password stays as it is.
\set ON_ERROR_STOP on
\if :{?app}
\else
  \set app anshang_app
\endif
\if :{?owner}
\else
  \set owner anshang
\endif

BEGIN;
SELECT format('CREATE ROLE %I LOGIN', :'app')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app') \gexec
\if :{?password}
  ALTER ROLE :"app" PASSWORD :'password';
\endif

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM :"app";
GRANT USAGE ON SCHEMA public TO :"app";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :"app";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"app";

-- Written once. An audit row gets its place in the chain afterwards, nothing else.
REVOKE UPDATE, DELETE ON common_auditevent, common_auditseal, common_transition, crm_registerentry
  FROM :"app";
GRANT UPDATE (seq, chain_hash) ON common_auditevent TO :"app";
-- The sealer locks the newest seal: PostgreSQL asks for the right to update one column for it. The
-- trigger refuses the update itself.
GRANT UPDATE (id) ON common_auditseal TO :"app";
-- Counted under the audit: raised, never taken away. Which migrations ran is the owner's to say.
REVOKE DELETE ON common_auditsheet FROM :"app";
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM :"app";
COMMIT;
