"""What is Postgres's own: how it is opened, what it must not tell, and what happens when it goes away."""

import signal
import traceback

import pytest

import persona
from persona import _storage, jobs, postgres, records
from postgres_server import PASSWORD, PostgresServer, fresh_postgres, programs

NASTY = ["'; DROP TABLE persona_population; --", '"; DROP SCHEMA persona CASCADE; --', "$1", "%s", "\\'; SELECT 1; --",
         "/* */", "E'\\x27'", "Robert'); DELETE FROM persona_record; --", "null", "naïve ✓ 姓名"]


@pytest.fixture
def fresh(postgres):
    return fresh_postgres(postgres)


def everything_told(error):
    """All that Python would print of an exception, and the exception itself."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__)) + repr(error) + repr(vars(error))


def test_a_schema_goes_up_and_down(fresh, people):
    newest = postgres.schema_version()
    assert fresh.schema_version() == 0 and newest >= 3
    with fresh.open() as storage:
        storage.put("town", people[:10])
    assert fresh.schema_version() == newest
    postgres.migrate(fresh.where, 1, **fresh.options)
    assert fresh.schema_version() == 1
    postgres.migrate(fresh.where, newest, **fresh.options)
    with fresh.open() as storage:
        assert storage.count("town") == 10
    with pytest.raises(persona.InvalidArgument):
        postgres.migrate(fresh.where, newest + 1, **fresh.options)


def test_options_reach_the_database(fresh, people):
    with pytest.raises(persona.PersonaError):
        fresh.open(create=False)
    with fresh.open(connections=1, pool_timeout=0.02) as storage:
        def batches():
            yield people[:50]
            with pytest.raises(persona.Unavailable, match="all 1 connections are in use"):
                storage.list()

        storage.put("town", batches(), indexes=["age"])
        assert storage.find("town").indexes == ["age"]
        with pytest.raises(persona.AlreadyExists):
            storage.put("town", people[:10])
    with pytest.raises(persona.DeadlineExceeded), fresh.open(statement_timeout=0.001) as storage:
        storage.put("more", people)
    with fresh.open(replace=True) as storage:
        storage.put("town", people[:20])
    with fresh.open(read_only=True) as storage:
        assert storage.count("town") == 20
        with pytest.raises(persona.PersonaError, match="read-only"):
            storage.put("more", people[:10])


def test_recipes_are_drawn_with_the_names_that_were_given(fresh, generator):
    names = persona.NameTable.make([persona.GivenName("Zoe")], [persona.Surname("Quux")])
    own = persona.PersonaGenerator.compile(generator.spec, names=names)
    with fresh.open(names=names) as storage:
        storage.put_recipe("town", own, count=10, seed=7)
        assert set(storage.read("town")["name"]) == {"Zoe Quux"}
    with fresh.open() as storage, pytest.raises(persona.Unsupported):
        storage.read("town")


def test_reads_go_to_standbys_in_turn_and_their_health_is_told(fresh, people, tmp_path):
    with fresh.open() as storage:
        storage.put("town", people[:100])
        health = postgres.health(storage)
        assert health.replicas == [] and health.primary.most == 8 and health.primary.taken > 0 == health.primary.lost
    nowhere = f"host={tmp_path} user=persona password=wrong-secret"
    here = persona.Secret(fresh.where)  # of who wrote nothing, any will do
    with fresh.open(replicas=[here, nowhere, fresh.where], connections=2) as storage:
        for _ in range(3):
            assert storage.count("town", [("age", ">", 40)]) > 0 and len(storage.read("town")) == 100
        standbys = postgres.health(storage).replicas
        assert standbys[0].reads + standbys[2].reads == 6 and standbys[1].reads == 0
        assert [(standby.is_away, standby.pool.most) for standby in standbys] == [(False, 2), (True, 2), (False, 2)]
        assert "wrong-secret" not in repr(standbys)
    with fresh.open(replicas=(nowhere,)) as storage:
        assert len(storage.read("town")) == 100
        assert postgres.health(storage).replicas[0].is_away
    with pytest.raises(persona.InvalidArgument):
        postgres.health(persona.MemoryStorage())


def test_records_are_read_from_standbys(fresh):
    with fresh.open_database() as rooms:
        rooms.records.put(records.RecordChange("note", "a", {"text": "x"}, actor="ana"))
    with fresh.open_database(replicas=[fresh.where]) as rooms:
        def reads():
            return postgres.health(rooms.populations).replicas[0].reads

        assert rooms.records.find("note", "a").body["text"] == "x" and len(rooms.records.list("note")) == 1
        assert reads() == 2
        assert rooms.transact(lambda own: own.records.find("note", "a").version) == 1
        with pytest.raises(persona.Unauthenticated):
            records.verify_api_key(rooms.records, f"persona_{'0' * 16}_{'0' * 64}", now=0)
        assert reads() == 2  # what decides something, and transactions, ask the database itself
        rooms.records.put(records.RecordChange("note", "a", {"text": "y"}, actor="ana"))
        assert rooms.records.find("note", "a").body["text"] == "y"  # that one is no standby: who knows what it has
        assert reads() == 2 and postgres.health(rooms.populations).replicas[0].behind == 1


@pytest.mark.parametrize("replicas", ["x wrong-secret", persona.Secret("x wrong-secret"), ["x wrong-secret"], [7], 7, [None]])
def test_standbys_that_are_none_are_refused(fresh, replicas):
    with pytest.raises(persona.InvalidArgument if replicas == ["x wrong-secret"] else TypeError) as raised:
        fresh.open(replicas=replicas)
    assert "wrong-secret" not in str(raised.value) + repr(vars(raised.value))


@pytest.mark.parametrize("options", [
    {"schema": "Bad"}, {"schema": "a; DROP SCHEMA public"}, {"schema": ""}, {"schema": 'x" -c role=none'},
    {"connections": 0}, {"pool_timeout": -1}, {"lock_timeout": -0.5}, {"statement_timeout": -1}, {"connect_timeout": -1},
])
def test_options_that_are_none_are_refused(fresh, options):
    with pytest.raises(persona.InvalidArgument):
        postgres.open(fresh.where, password=PASSWORD, **options)


@pytest.mark.parametrize("options", [
    {"connections": "8"}, {"connections": -1}, {"pool_timeout": "soon"}, {"password": 7}, {"schema": b"x"},
    {"read_only": None, "names": "us"}, {"nonsense": 1}, {"clock": 3},
])
def test_wrong_types_are_refused_without_what_is_secret(fresh, options):
    where = f"postgresql://persona:topsecret@/postgres?host={fresh.where.split()[0][5:]}"
    for function in (postgres.open_records, postgres.open_jobs):
        with pytest.raises(TypeError) as raised:
            function(where, **{"password": "alsosecret", **options})
        assert "topsecret" not in str(raised.value) and "alsosecret" not in str(raised.value)
    with pytest.raises(TypeError, match="str or a Secret"):
        postgres.open(7)


def test_a_password_is_never_told(fresh, monkeypatch):
    secret = persona.Secret("wrong-and-secret")
    with pytest.raises(persona.Unauthenticated) as raised:
        postgres.open(fresh.where, password=secret)
    assert raised.value.service.type.startswith("28") and not raised.value.service.retryable
    assert "wrong-and-secret" not in everything_told(raised.value) and "wrong-and-secret" not in repr(secret)
    for connection in (f"{fresh.where} password=wrong-and-secret", "postgresql://x:wrong-and-secret@[bad", "x wrong-and-secret"):
        with pytest.raises(persona.PersonaError) as raised:
            postgres.open(persona.Secret(connection))
        assert "wrong-and-secret" not in str(raised.value) + repr(vars(raised.value))
    monkeypatch.setenv("PERSONA_TEST_PASSWORD", PASSWORD)
    options = {**fresh.options, "password": persona.Secret.from_environment("PERSONA_TEST_PASSWORD")}
    with postgres.open(fresh.where, **options) as storage:
        assert storage.list() == []


def test_nobody_there_and_no_such_database(fresh, tmp_path):
    with pytest.raises(persona.Unavailable) as raised:
        postgres.open(f"host={tmp_path} user=persona", connect_timeout=2)
    assert raised.value.service.retryable and raised.value.code == "unavailable"
    with pytest.raises(persona.NotFound):
        postgres.open(fresh.where.replace("dbname=postgres", "dbname=nowhere"), password=PASSWORD)


@pytest.mark.parametrize("nasty", NASTY)
def test_what_looks_like_sql_is_only_text(fresh, people, nasty):
    with fresh.open() as storage:
        storage.put(nasty, people[:30], indexes=["age"])
        assert [one.name for one in storage.list()] == [nasty] and storage.find(nasty).count == 30
        assert storage.count(nasty, [("index", "<", 10)]) == 10
        for compare in ("contains", "begins_with", "=="):
            assert storage.count(nasty, [("name", compare, nasty)]) == 0
        for call in (lambda: storage.read(nasty, [(nasty, "==", nasty)]), lambda: storage.read(nasty, columns=[nasty])):
            with pytest.raises(persona.InvalidArgument):
                call()
        storage.remove(nasty)
    with fresh.open_records() as store:
        change = records.RecordChange(nasty, nasty, {nasty: nasty}, nasty, nasty, None, nasty)
        assert store.put(change) == 1 == store.put(change)
        kept = store.find(nasty, nasty)
        assert (kept.body, kept.person, kept.actor) == ({nasty: nasty}, nasty, nasty)
        assert store.remove(nasty, nasty, actor=nasty) == 2 and store.restore(nasty, nasty, actor=nasty) == 3
        assert len(store.history(nasty, nasty)) == 3 and store.list(nasty, after="")[0].id == nasty
        assert store.purge(nasty, 0.0, actor=nasty) == 0
        assert len(store.export_person(nasty)["records"]) >= 1 and store.erase_person(nasty, actor=nasty).records >= 1
    with fresh.open_jobs() as queue:
        job = jobs.NewJob(nasty, {nasty: [nasty]}, nasty, unique_key=nasty, idempotency_key=nasty)
        queue.schedule(nasty, "0 0 1 1 *", job)
        number = queue.enqueue(job)
        claimed, = queue.claim(nasty, nasty)
        assert claimed.id == number and claimed.worker == nasty and claimed.work.arguments == {nasty: [nasty]}
        queue.fail(claimed, nasty, retry=False)
        assert queue.list(nasty, "dead")[0].error == nasty
        queue.unschedule(nasty)
        with pytest.raises(persona.InvalidArgument):
            queue.schedule("x", nasty, job)


def test_text_that_no_database_keeps_is_refused(database):
    with database.open_records() as store, database.open_jobs() as queue:
        for text in ("a\0b", "\ud800"):
            for call in (lambda: store.put(records.RecordChange(text, "x", 1, actor="ana")),
                         lambda: store.put(records.RecordChange("x", "x", {"a": text}, actor=text)),
                         lambda: queue.enqueue(jobs.NewJob(text)), lambda: queue.enqueue(jobs.NewJob("x", queue=text))):
                with pytest.raises(ValueError):
                    call()
        for wrong in (b"x", 7, None):
            for call in (lambda: store.find(wrong, "x"), lambda: records.RecordChange(wrong), lambda: jobs.NewJob(wrong),
                         lambda: queue.claim(wrong), lambda: store.erase_person("x", actor=wrong)):
                with pytest.raises(TypeError):
                    call()


@pytest.fixture
def own_server():
    if programs() is None:
        pytest.skip("there is no initdb: Postgres is not tested")
    server = PostgresServer()
    yield server
    server.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_server_that_went_away_is_unavailable_until_it_is_back(own_server, people, how):
    fresh = fresh_postgres(own_server)
    with fresh.open() as storage, fresh.open_records() as store, fresh.open_jobs() as queue:
        storage.put("town", people[:100])
        store.put(records.RecordChange("note", "1", {"text": "here"}, actor="ana"))
        number = queue.enqueue(jobs.NewJob("greet"))
        own_server.stop(how)
        for call in (storage.list, lambda: storage.count("town"), lambda: storage.put("more", people[:10]),
                     lambda: store.find("note", "1"), lambda: queue.claim(), lambda: fresh.open()):
            with pytest.raises(persona.Unavailable) as raised:
                call()
            assert raised.value.service.retryable and PASSWORD not in everything_told(raised.value)
        queue.wait(most=0.01)  # nothing to raise: who waits looks again
        own_server.start()
        assert storage.count("town") == 100 and store.find("note", "1").body == {"text": "here"}
        assert [job.id for job in queue.claim()] == [number] and len(storage.list()) == 1


def test_a_build_without_libpq_says_so(monkeypatch):
    for name in [name for name in vars(_storage) if "postgres" in name.lower()]:
        monkeypatch.delattr(_storage, name)
    for call in (lambda: postgres.open("host=db"), lambda: postgres.open_jobs("host=db"), postgres.schema_version,
                 lambda: postgres.migrate("host=db", 1), lambda: postgres.open_database("host=db"), postgres.schema_steps,
                 lambda: postgres.open_cache("host=db"), lambda: postgres.open_ledger("host=db"),
                 lambda: postgres.open_run_ledger("host=db"), lambda: postgres.backup("host=db", "x"),
                 lambda: postgres.restore("x", "host=db"), lambda: postgres.contents("host=db"),
                 lambda: postgres.vacuum("host=db"), lambda: postgres.health(persona.MemoryStorage())):
        with pytest.raises(persona.Unsupported, match="built without Postgres.*libpq"):
            call()
