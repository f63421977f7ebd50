"""PostgreSQL: sessions, migrations, jobs, outbox, audit rows, the embedded server."""
