import GRDB

/// The tables of `sessions.db`, and how a database of an earlier version gets them.
enum Schema {
    /// The version that this program writes, which the database's header carries as `user_version`.
    static let version = 3
    /// Marks the database as ours (`application_id`): the letters "hiss".
    static let application: Int32 = 0x6869_7373

    /// Steps from nothing to `version`; what has been released is never edited, only followed by another.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { database in
            try database.execute(sql: version1)
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("v2") { database in
            try database.execute(sql: version2)
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("v3") { database in
            try database.execute(sql: version3)
            try database.execute(sql: "PRAGMA user_version = 3")
        }
        return migrator
    }

    /// An index that also finds what is written without spaces, whose triggers stay; and one that spares deletions of
    /// turns a look at all sessions.
    private static let version2 = """
        CREATE INDEX session_current ON session (current);
        DROP TABLE turn_text;
        CREATE VIRTUAL TABLE turn_text USING fts5 (
            question, answer, content = 'turn', content_rowid = 'id', tokenize = '\(WordTokenizer.name)'
        );
        INSERT INTO turn_text (turn_text) VALUES ('rebuild');
        """

    /// Texts with a zero byte are kept as blobs, which such a column takes as they are.
    private static let version1 = """
        CREATE TABLE snapshot (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            bytes INTEGER NOT NULL,
            created REAL NOT NULL
        );
        CREATE TABLE page (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            bytes INTEGER NOT NULL
        );
        CREATE TABLE snapshot_page (
            snapshot INTEGER NOT NULL REFERENCES snapshot (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            page INTEGER NOT NULL REFERENCES page (id),
            PRIMARY KEY (snapshot, place)
        ) WITHOUT ROWID;
        CREATE INDEX snapshot_page_page ON snapshot_page (page);

        CREATE TABLE session (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE,
            model_name TEXT NOT NULL,
            model TEXT NOT NULL,
            tokenizer TEXT NOT NULL,
            model_source TEXT NOT NULL,
            system_prompt TEXT,
            is_persona INTEGER NOT NULL,
            created REAL NOT NULL,
            changed REAL NOT NULL,
            change_number INTEGER NOT NULL UNIQUE,
            current INTEGER REFERENCES turn (id),
            turns INTEGER NOT NULL,
            first_words TEXT NOT NULL,
            snapshot_bytes INTEGER NOT NULL,
            settings TEXT NOT NULL,
            digest BLOB NOT NULL
        );

        CREATE TABLE turn (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session INTEGER NOT NULL REFERENCES session (row),
            parent INTEGER REFERENCES turn (id),
            kind TEXT NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            reason TEXT NOT NULL,
            prompt BLOB NOT NULL,
            chunk_size INTEGER NOT NULL,
            completion BLOB NOT NULL,
            resumption TEXT NOT NULL,
            options TEXT NOT NULL,
            metrics TEXT NOT NULL,
            tokens_seen INTEGER NOT NULL,
            created REAL NOT NULL,
            content_digest BLOB NOT NULL,
            branch TEXT,
            bookmark TEXT,
            snapshot INTEGER REFERENCES snapshot (id),
            prompt_snapshot INTEGER REFERENCES snapshot (id),
            digest BLOB NOT NULL
        );
        CREATE INDEX turn_session ON turn (session);
        CREATE INDEX turn_parent ON turn (parent);
        CREATE INDEX turn_snapshot ON turn (snapshot) WHERE snapshot IS NOT NULL;
        CREATE INDEX turn_prompt_snapshot ON turn (prompt_snapshot) WHERE prompt_snapshot IS NOT NULL;

        CREATE TABLE vote (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            turn_a INTEGER NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
            turn_b INTEGER NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
            choice TEXT NOT NULL,
            created REAL NOT NULL
        );
        CREATE INDEX vote_turn_a ON vote (turn_a);
        CREATE INDEX vote_turn_b ON vote (turn_b);

        CREATE VIRTUAL TABLE turn_text USING fts5 (
            question, answer, content = 'turn', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
        );
        CREATE TRIGGER turn_text_insert AFTER INSERT ON turn BEGIN
            INSERT INTO turn_text (rowid, question, answer) VALUES (new.id, new.question, new.answer);
        END;
        CREATE TRIGGER turn_text_delete AFTER DELETE ON turn BEGIN
            INSERT INTO turn_text (turn_text, rowid, question, answer)
            VALUES ('delete', old.id, old.question, old.answer);
        END;
        CREATE TRIGGER turn_text_update AFTER UPDATE OF question, answer ON turn BEGIN
            INSERT INTO turn_text (turn_text, rowid, question, answer)
            VALUES ('delete', old.id, old.question, old.answer);
            INSERT INTO turn_text (rowid, question, answer) VALUES (new.id, new.question, new.answer);
        END;
        """

    /// Votes that stand by themselves: they outlive the turns, and count where nothing else was kept.
    ///
    /// Nothing has written the first table.
    private static let version3 = """
        DROP TABLE vote;
        CREATE TABLE vote (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            question TEXT NOT NULL,
            answer_a TEXT NOT NULL,
            model_a_name TEXT NOT NULL,
            model_a TEXT NOT NULL,
            tokenizer_a TEXT NOT NULL,
            answer_b TEXT NOT NULL,
            model_b_name TEXT NOT NULL,
            model_b TEXT NOT NULL,
            tokenizer_b TEXT NOT NULL,
            choice TEXT NOT NULL,
            is_blind INTEGER NOT NULL,
            created REAL NOT NULL,
            turn_a INTEGER REFERENCES turn (id) ON DELETE SET NULL,
            turn_b INTEGER REFERENCES turn (id) ON DELETE SET NULL,
            digest BLOB NOT NULL
        );
        CREATE INDEX vote_turn_a ON vote (turn_a) WHERE turn_a IS NOT NULL;
        CREATE INDEX vote_turn_b ON vote (turn_b) WHERE turn_b IS NOT NULL;
        """
}
