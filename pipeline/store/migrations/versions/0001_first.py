"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, and the full-text index of the database's own kind."""
    op.create_table('alerts',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('entity', sa.Text(), server_default='', nullable=False),
    sa.Column('watchlist', sa.Text(), server_default='', nullable=False),
    sa.Column('story_id', sa.Text(), server_default='', nullable=False),
    sa.Column('article_id', sa.Text(), server_default='', nullable=False),
    sa.Column('event', sa.Text(), server_default='', nullable=False),
    sa.Column('revision', sa.Integer(), server_default='0', nullable=False),
    sa.Column('type', sa.Text(), server_default='', nullable=False),
    sa.Column('severity', sa.Text(), server_default='', nullable=False),
    sa.Column('tier', sa.Text(), server_default='', nullable=False),
    sa.Column('score', sa.Double(), server_default='0', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('instant', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('late', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('state', sa.Text(), server_default='new', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('author', sa.Text(), server_default='', nullable=False),
    sa.Column('state_at', sa.Double(), nullable=True),
    sa.Column('created_at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('entity', 'story_id', 'event', 'revision', name=op.f('uq_alerts_entity_story_id_event_revision')),
    sa.UniqueConstraint('id', name=op.f('uq_alerts_id'))
    )
    op.create_index(op.f('ix_alerts_article_id'), 'alerts', ['article_id'], unique=False)
    op.create_index(op.f('ix_alerts_created_at'), 'alerts', ['created_at'], unique=False)
    op.create_index(op.f('ix_alerts_entity_created_at'), 'alerts', ['entity', 'created_at'], unique=False)
    op.create_index(op.f('ix_alerts_state_created_at'), 'alerts', ['state', 'created_at'], unique=False)
    op.create_index(op.f('ix_alerts_story_id'), 'alerts', ['story_id'], unique=False)
    op.create_table('articles',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='0', nullable=False),
    sa.Column('entry_id', sa.Text(), server_default='', nullable=False),
    sa.Column('page_id', sa.Text(), server_default='', nullable=False),
    sa.Column('feed_id', sa.Text(), server_default='', nullable=False),
    sa.Column('url', sa.Text(), server_default='', nullable=False),
    sa.Column('canonical_url', sa.Text(), nullable=True),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('summary', sa.Text(), server_default='', nullable=False),
    sa.Column('captions', sa.Text(), nullable=True),
    sa.Column('removed', sa.Text(), nullable=True),
    sa.Column('author', sa.Text(), nullable=True),
    sa.Column('published', sa.Text(), nullable=True),
    sa.Column('published_at', sa.Double(), nullable=True),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), server_default='ok', nullable=False),
    sa.Column('word_count', sa.Integer(), server_default='0', nullable=False),
    sa.Column('text_sha256', sa.Text(), server_default='', nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=True),
    sa.Column('extractor', sa.Text(), server_default='', nullable=False),
    sa.Column('rule_rev', sa.Text(), server_default='', nullable=False),
    sa.Column('fetched_at', sa.Double(), nullable=True),
    sa.Column('matched_at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('id', name=op.f('uq_articles_id'))
    )
    op.create_index(op.f('ix_articles_canonical_url'), 'articles', ['canonical_url'], unique=False)
    op.create_index(op.f('ix_articles_entry_id'), 'articles', ['entry_id'], unique=False)
    op.create_index(op.f('ix_articles_matched_at'), 'articles', ['matched_at'], unique=False)
    op.create_index(op.f('ix_articles_url'), 'articles', ['url'], unique=False)
    op.create_table('attempts',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('delivery_id', sa.Text(), server_default='', nullable=False),
    sa.Column('endpoint', sa.Text(), server_default='', nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('outcome', sa.Text(), server_default='', nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.Column('seconds', sa.Double(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('delivery_id', 'n', 'at', name=op.f('uq_attempts_delivery_id_n_at'))
    )
    op.create_index(op.f('ix_attempts_at'), 'attempts', ['at'], unique=False)
    op.create_index(op.f('ix_attempts_endpoint_at'), 'attempts', ['endpoint', 'at'], unique=False)
    op.create_table('audit',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('author', sa.Text(), server_default='', nullable=False),
    sa.Column('action', sa.Text(), server_default='', nullable=False),
    sa.Column('target', sa.Text(), server_default='', nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('seq')
    )
    op.create_index(op.f('ix_audit_at'), 'audit', ['at'], unique=False)
    op.create_table('bands',
    sa.Column('band', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('article_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('band', 'at', 'article_id'),
    sqlite_with_rowid=False
    )
    op.create_table('bodies',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('encoding', sa.Text(), server_default='', nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('size', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('deliveries',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('message_id', sa.Text(), server_default='', nullable=False),
    sa.Column('endpoint', sa.Text(), server_default='', nullable=False),
    sa.Column('story_id', sa.Text(), nullable=True),
    sa.Column('route', sa.Text(), server_default='first', nullable=False),
    sa.Column('state', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('retry', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('next_at', sa.Double(), nullable=True),
    sa.Column('lease_owner', sa.Text(), nullable=True),
    sa.Column('lease_until', sa.Double(), nullable=True),
    sa.Column('created_at', sa.Double(), nullable=False),
    sa.Column('done_at', sa.Double(), nullable=True),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('id', name=op.f('uq_deliveries_id'))
    )
    op.create_index('ix_deliveries_due', 'deliveries', ['endpoint', 'retry', 'next_at', 'seq'], unique=False, sqlite_where=sa.text('next_at IS NOT NULL'), postgresql_where=sa.text('next_at IS NOT NULL'))
    op.create_index(op.f('ix_deliveries_endpoint_created_at'), 'deliveries', ['endpoint', 'created_at'], unique=False)
    op.create_index(op.f('ix_deliveries_message_id'), 'deliveries', ['message_id'], unique=False)
    op.create_index('ix_deliveries_order', 'deliveries', ['endpoint', 'story_id', 'seq'], unique=False, sqlite_where=sa.text('next_at IS NOT NULL AND story_id IS NOT NULL'), postgresql_where=sa.text('next_at IS NOT NULL AND story_id IS NOT NULL'))
    op.create_index(op.f('ix_deliveries_state_created_at'), 'deliveries', ['state', 'created_at'], unique=False)
    op.create_table('digests',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('endpoint', sa.Text(), server_default='', nullable=False),
    sa.Column('digest', sa.Text(), server_default='', nullable=False),
    sa.Column('alert_id', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('due_at', sa.Double(), nullable=False),
    sa.Column('created_at', sa.Double(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('endpoint', 'alert_id', name=op.f('uq_digests_endpoint_alert_id'))
    )
    op.create_index(op.f('ix_digests_message_id_due_at'), 'digests', ['message_id', 'due_at'], unique=False)
    op.create_table('endpoints',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('enabled', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('state', sa.Text(), server_default='active', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('since', sa.Double(), nullable=False),
    sa.Column('parked_until', sa.Double(), nullable=True),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('failing_since', sa.Double(), nullable=True),
    sa.Column('reported', sa.Integer(), server_default='0', nullable=False),
    sa.Column('last_success', sa.Double(), nullable=True),
    sa.Column('breaker', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('entries',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), server_default='', nullable=False),
    sa.Column('url', sa.Text(), server_default='', nullable=False),
    sa.Column('guid', sa.Text(), server_default='', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('summary', sa.Text(), server_default='', nullable=False),
    sa.Column('author', sa.Text(), nullable=True),
    sa.Column('published', sa.Text(), nullable=True),
    sa.Column('updated', sa.Text(), nullable=True),
    sa.Column('published_at', sa.Double(), nullable=True),
    sa.Column('content_hash', sa.Text(), server_default='', nullable=False),
    sa.Column('revision', sa.Integer(), server_default='0', nullable=False),
    sa.Column('backlog', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('late', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('origin', sa.Text(), server_default='feed', nullable=False),
    sa.Column('lane', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), server_default='new', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('since', sa.Double(), nullable=False),
    sa.Column('next_at', sa.Double(), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_owner', sa.Text(), nullable=True),
    sa.Column('lease_until', sa.Double(), nullable=True),
    sa.Column('page_id', sa.Text(), nullable=True),
    sa.Column('first_seen', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_entries_due', 'entries', ['next_at'], unique=False, sqlite_where=sa.text('next_at IS NOT NULL'), postgresql_where=sa.text('next_at IS NOT NULL'))
    op.create_index(op.f('ix_entries_feed_id_first_seen'), 'entries', ['feed_id', 'first_seen'], unique=False)
    op.create_index(op.f('ix_entries_first_seen'), 'entries', ['first_seen'], unique=False)
    op.create_index(op.f('ix_entries_state_since'), 'entries', ['state', 'since'], unique=False)
    op.create_index(op.f('ix_entries_url'), 'entries', ['url'], unique=False)
    op.create_table('entry_keys',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('entry_id', sa.Text(), server_default='', nullable=False),
    sa.Column('seen_at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'key')
    )
    op.create_index(op.f('ix_entry_keys_entry_id'), 'entry_keys', ['entry_id'], unique=False)
    op.create_index(op.f('ix_entry_keys_seen_at'), 'entry_keys', ['seen_at'], unique=False)
    op.create_table('feed_days',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('polls', sa.Integer(), server_default='0', nullable=False),
    sa.Column('unchanged', sa.Integer(), server_default='0', nullable=False),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('entries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lag_sum', sa.Double(), server_default='0', nullable=False),
    sa.Column('lag_count', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'day')
    )
    op.create_table('feed_events',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('feed_id', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.Column('reverted_at', sa.Double(), nullable=True),
    sa.PrimaryKeyConstraint('seq')
    )
    op.create_index(op.f('ix_feed_events_feed_id_at'), 'feed_events', ['feed_id', 'at'], unique=False)
    op.create_index(op.f('ix_feed_events_kind_at'), 'feed_events', ['kind', 'at'], unique=False)
    op.create_table('feedback',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('alert_id', sa.Text(), server_default='', nullable=False),
    sa.Column('entity', sa.Text(), server_default='', nullable=False),
    sa.Column('alias', sa.Text(), server_default='', nullable=False),
    sa.Column('verdict', sa.Text(), server_default='', nullable=False),
    sa.Column('author', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('alert_id', 'alias', 'author', name=op.f('uq_feedback_alert_id_alias_author'))
    )
    op.create_index(op.f('ix_feedback_entity_alias'), 'feedback', ['entity', 'alias'], unique=False)
    op.create_table('feeds',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), server_default='', nullable=False),
    sa.Column('fetch_url', sa.Text(), server_default='', nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('site', sa.Text(), server_default='', nullable=False),
    sa.Column('tags', sa.Text(), nullable=True),
    sa.Column('tier', sa.Integer(), server_default='2', nullable=False),
    sa.Column('every', sa.Double(), nullable=True),
    sa.Column('options', sa.Text(), nullable=True),
    sa.Column('enabled', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('state', sa.Text(), server_default='new', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('since', sa.Double(), nullable=False),
    sa.Column('next_try', sa.Double(), nullable=False),
    sa.Column('lease_owner', sa.Text(), nullable=True),
    sa.Column('lease_until', sa.Double(), nullable=True),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.Column('validators_url', sa.Text(), nullable=True),
    sa.Column('body_hash', sa.Text(), nullable=True),
    sa.Column('polls', sa.Integer(), server_default='0', nullable=False),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('added_at', sa.Double(), nullable=False),
    sa.Column('last_poll', sa.Double(), nullable=True),
    sa.Column('first_success', sa.Double(), nullable=True),
    sa.Column('last_success', sa.Double(), nullable=True),
    sa.Column('last_entry', sa.Double(), nullable=True),
    sa.Column('interval', sa.Double(), nullable=True),
    sa.Column('rate', sa.Double(), nullable=True),
    sa.Column('lag', sa.Double(), nullable=True),
    sa.Column('learned', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_feeds_enabled_next_try'), 'feeds', ['enabled', 'next_try'], unique=False)
    op.create_index(op.f('ix_feeds_site'), 'feeds', ['site'], unique=False)
    op.create_table('heartbeats',
    sa.Column('process', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('host', sa.Text(), server_default='', nullable=False),
    sa.Column('pid', sa.Integer(), nullable=True),
    sa.Column('version', sa.Text(), server_default='', nullable=False),
    sa.Column('started_at', sa.Double(), nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('state', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('process')
    )
    op.create_table('hosts',
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('robots_status', sa.Integer(), nullable=True),
    sa.Column('robots', sa.Text(), nullable=True),
    sa.Column('robots_at', sa.Double(), nullable=True),
    sa.Column('robots_until', sa.Double(), nullable=True),
    sa.Column('backoff_until', sa.Double(), nullable=True),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('incident_since', sa.Double(), nullable=True),
    sa.Column('incident', sa.Text(), server_default='', nullable=False),
    sa.Column('learned', sa.Text(), nullable=True),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('host')
    )
    op.create_table('lessons',
    sa.Column('site', sa.Text(), nullable=False),
    sa.Column('article', sa.Text(), nullable=False),
    sa.Column('lines', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('site', 'article')
    )
    op.create_index(op.f('ix_lessons_at'), 'lessons', ['at'], unique=False)
    op.create_index(op.f('ix_lessons_site_at'), 'lessons', ['site', 'at'], unique=False)
    op.create_table('members',
    sa.Column('article_id', sa.Text(), nullable=False),
    sa.Column('story_id', sa.Text(), server_default='', nullable=False),
    sa.Column('duplicate_of', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), server_default='', nullable=False),
    sa.Column('source_tier', sa.Integer(), server_default='0', nullable=False),
    sa.Column('url', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('article_id')
    )
    op.create_index(op.f('ix_members_story_id_at'), 'members', ['story_id', 'at'], unique=False)
    op.create_table('mentions',
    sa.Column('article_id', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entity', sa.Text(), server_default='', nullable=False),
    sa.Column('field', sa.Text(), server_default='', nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('surface', sa.Text(), server_default='', nullable=False),
    sa.Column('alias', sa.Text(), server_default='', nullable=False),
    sa.Column('tier', sa.Text(), nullable=True),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('ledger', sa.Text(), nullable=True),
    sa.Column('rule_rev', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('article_id', 'n')
    )
    op.create_index(op.f('ix_mentions_entity_alias_at'), 'mentions', ['entity', 'alias', 'at'], unique=False)
    op.create_table('messages',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('type', sa.Text(), server_default='', nullable=False),
    sa.Column('alert_id', sa.Text(), nullable=True),
    sa.Column('story_id', sa.Text(), nullable=True),
    sa.Column('entity', sa.Text(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('test', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_messages_alert_id'), 'messages', ['alert_id'], unique=False)
    op.create_index(op.f('ix_messages_created_at'), 'messages', ['created_at'], unique=False)
    op.create_table('meta',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('mutes',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('value', sa.Text(), server_default='', nullable=False),
    sa.Column('author', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.Double(), nullable=False),
    sa.Column('until', sa.Double(), nullable=True),
    sa.Column('ended_at', sa.Double(), nullable=True),
    sa.Column('hidden', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('seq')
    )
    op.create_index(op.f('ix_mutes_kind_value'), 'mutes', ['kind', 'value'], unique=False)
    op.create_table('pages',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('entry_id', sa.Text(), server_default='', nullable=False),
    sa.Column('revision', sa.Integer(), server_default='0', nullable=False),
    sa.Column('url', sa.Text(), server_default='', nullable=False),
    sa.Column('final_url', sa.Text(), server_default='', nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('headers', sa.Text(), nullable=True),
    sa.Column('sha256', sa.Text(), server_default='', nullable=False),
    sa.Column('size', sa.Integer(), server_default='0', nullable=False),
    sa.Column('origin', sa.Text(), server_default='page', nullable=False),
    sa.Column('lane', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), server_default='waiting', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('crashes', sa.Integer(), server_default='0', nullable=False),
    sa.Column('due_at', sa.Double(), nullable=True),
    sa.Column('lease_owner', sa.Text(), nullable=True),
    sa.Column('lease_until', sa.Double(), nullable=True),
    sa.Column('fetched_at', sa.Double(), nullable=False),
    sa.Column('evidence', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_pages_due', 'pages', ['lane', 'due_at'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_index(op.f('ix_pages_entry_id'), 'pages', ['entry_id'], unique=False)
    op.create_index(op.f('ix_pages_fetched_at'), 'pages', ['fetched_at'], unique=False)
    op.create_index(op.f('ix_pages_final_url'), 'pages', ['final_url'], unique=False)
    op.create_table('revisions',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('revision', sa.Text(), server_default='', nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('accepted', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('problems', sa.Text(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('seq')
    )
    op.create_index(op.f('ix_revisions_at'), 'revisions', ['at'], unique=False)
    op.create_table('sightings',
    sa.Column('entry_id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('entry_id', 'feed_id')
    )
    op.create_table('signatures',
    sa.Column('article_id', sa.Text(), nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('bands', sa.LargeBinary(), nullable=False),
    sa.Column('features', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('article_id')
    )
    op.create_index(op.f('ix_signatures_at'), 'signatures', ['at'], unique=False)
    op.create_table('site_lines',
    sa.Column('site', sa.Text(), nullable=False),
    sa.Column('line', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('articles', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('site', 'line'),
    sqlite_with_rowid=False
    )
    op.create_table('stories',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('first_article', sa.Text(), server_default='', nullable=False),
    sa.Column('size', sa.Integer(), server_default='0', nullable=False),
    sa.Column('copies', sa.Integer(), server_default='0', nullable=False),
    sa.Column('sources', sa.Integer(), server_default='0', nullable=False),
    sa.Column('best_tier', sa.Integer(), nullable=True),
    sa.Column('features', sa.Text(), nullable=True),
    sa.Column('first_seen', sa.Double(), nullable=False),
    sa.Column('last_seen', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_stories_last_seen'), 'stories', ['last_seen'], unique=False)
    op.create_table('suppressions',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('at', sa.Double(), nullable=False),
    sa.Column('entity', sa.Text(), server_default='', nullable=False),
    sa.Column('watchlist', sa.Text(), server_default='', nullable=False),
    sa.Column('story_id', sa.Text(), nullable=True),
    sa.Column('article_id', sa.Text(), server_default='', nullable=False),
    sa.Column('tier', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.Column('mute', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('article_id', 'entity', 'reason', name=op.f('uq_suppressions_article_id_entity_reason'))
    )
    op.create_index(op.f('ix_suppressions_at'), 'suppressions', ['at'], unique=False)
    op.create_index(op.f('ix_suppressions_entity_at'), 'suppressions', ['entity', 'at'], unique=False)
    op.create_index(op.f('ix_suppressions_mute'), 'suppressions', ['mute'], unique=False)
    op.create_table('verdicts',
    sa.Column('article_id', sa.Text(), nullable=False),
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('watchlist', sa.Text(), server_default='', nullable=False),
    sa.Column('tier', sa.Text(), nullable=True),
    sa.Column('score', sa.Double(), server_default='0', nullable=False),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('mentions', sa.Integer(), server_default='0', nullable=False),
    sa.Column('feed_id', sa.Text(), server_default='', nullable=False),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('article_id', 'entity')
    )
    op.create_index(op.f('ix_verdicts_at'), 'verdicts', ['at'], unique=False)
    op.create_index(op.f('ix_verdicts_entity_at'), 'verdicts', ['entity', 'at'], unique=False)
    op.create_table('watches',
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('story_id', sa.Text(), nullable=False),
    sa.Column('watchlist', sa.Text(), server_default='', nullable=False),
    sa.Column('alert_id', sa.Text(), server_default='', nullable=False),
    sa.Column('tier', sa.Text(), server_default='', nullable=False),
    sa.Column('size', sa.Integer(), server_default='0', nullable=False),
    sa.Column('sources', sa.Integer(), server_default='0', nullable=False),
    sa.Column('revision', sa.Integer(), server_default='0', nullable=False),
    sa.Column('facts', sa.Text(), nullable=True),
    sa.Column('alerted_at', sa.Double(), nullable=False),
    sa.Column('updated_at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('entity', 'story_id')
    )
    op.create_index(op.f('ix_watches_entity_alerted_at'), 'watches', ['entity', 'alerted_at'], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE articles ADD COLUMN words tsvector")
        op.execute("CREATE INDEX ix_articles_words ON articles USING gin (words)")
    else:
        op.execute("CREATE VIRTUAL TABLE articles_words USING fts5(title, body, content='', tokenize='unicode61')")

