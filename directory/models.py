"""The tables of the directory: places, the organisations that serve them, and checked answers.

Rows keep codes (see `vocabulary`); labels and wording live elsewhere. `folded` columns are filled
from `name` by the models, so a name and its lookup key cannot drift apart.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import relationship, validates

from directory.base import Base, UtcDateTime, code_list, json_list, one_of
from directory.text import fold_key
from directory.vocabulary import LEVELS, LINK_STATUSES, STATUSES


class Territory(Base):
    """A place in the one tree QC → region → MRC → municipality → sector."""

    __tablename__ = "territory"
    __table_args__ = (one_of("level", LEVELS), Index(None, "level", "name"))

    code = Column(String, primary_key=True)
    level = Column(String, nullable=False)
    name = Column(String, nullable=False)
    kind = Column(String)
    parent_code = Column(ForeignKey("territory.code"), index=True)
    website = Column(String)
    phone = Column(String)
    email = Column(String)
    development_service = Column(Text)
    source = Column(Text)
    as_of = Column(String)

    parent = relationship("Territory", remote_side=code, back_populates="children")
    children = relationship("Territory", back_populates="parent", order_by="Territory.name")
    aliases = relationship("TerritoryAlias", back_populates="territory", cascade="all, delete-orphan")


class TerritoryAlias(Base):
    """Another name that people give to a place; one name may stand for several places."""

    __tablename__ = "territory_alias"
    __table_args__ = (UniqueConstraint("territory_code", "name"),)

    id = Column(Integer, primary_key=True)
    territory_code = Column(ForeignKey("territory.code", ondelete="CASCADE"), nullable=False)
    name = Column(String, nullable=False)
    folded = Column(String, nullable=False, index=True)
    source = Column(Text)

    territory = relationship("Territory", back_populates="aliases")

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded = fold_key(name)
        return name


class PostalArea(Base):
    """The first three characters of a postal code, and one of the places that they may mean."""

    __tablename__ = "postal_area"
    __table_args__ = (UniqueConstraint("prefix", "territory_code"),)

    id = Column(Integer, primary_key=True)
    prefix = Column(String, nullable=False)
    territory_code = Column(ForeignKey("territory.code"), nullable=False, index=True)
    precision = Column(String, nullable=False)

    territory = relationship("Territory")


class Actor(Base):
    """An organisation that supports enterprises."""

    __tablename__ = "actor"
    __table_args__ = (one_of("status", STATUSES), Index(None, "kind", "status"))

    id = Column(Integer, primary_key=True)
    slug = Column(String, nullable=False, unique=True)
    name = Column(String, nullable=False)
    short_name = Column(String)
    kind = Column(String, nullable=False)
    status = Column(String, nullable=False, default="active")
    successor_slug = Column(String)
    dedicated = Column(Boolean, nullable=False, default=False)
    website = Column(String)
    phone = Column(String)
    email = Column(String)
    address = Column(String)
    city = Column(String)
    verified_on = Column(Date)
    source = Column(Text)
    other_sources = json_list()
    as_of = Column(String)
    note = Column(Text)
    summary = Column(Text)

    aliases = relationship("ActorAlias", back_populates="actor", cascade="all, delete-orphan", order_by="ActorAlias.id")
    covers = relationship("Coverage", back_populates="actor", cascade="all, delete-orphan", order_by="Coverage.id")
    services = relationship("Service", back_populates="actor", cascade="all, delete-orphan", order_by="Service.id")


class ActorAlias(Base):
    """Another name that people give to an organisation."""

    __tablename__ = "actor_alias"
    __table_args__ = (UniqueConstraint("actor_id", "name"),)

    id = Column(Integer, primary_key=True)
    actor_id = Column(ForeignKey("actor.id", ondelete="CASCADE"), nullable=False)
    name = Column(String, nullable=False)
    folded = Column(String, nullable=False, index=True)

    actor = relationship("Actor", back_populates="aliases")

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded = fold_key(name)
        return name


class Coverage(Base):
    """A place that an actor serves, with everything below it; `part` when it serves a part only."""

    __tablename__ = "coverage"
    __table_args__ = (UniqueConstraint("territory_code", "actor_id"),)

    id = Column(Integer, primary_key=True)
    actor_id = Column(ForeignKey("actor.id", ondelete="CASCADE"), nullable=False, index=True)
    territory_code = Column(ForeignKey("territory.code"), nullable=False)
    part = Column(Boolean, nullable=False, default=False)
    note = Column(Text)

    actor = relationship("Actor", back_populates="covers")
    territory = relationship("Territory")


class Service(Base):
    """One thing that an actor offers. Amounts are whole Canadian dollars; `share_of_cost_max` lies in 0..1.

    `requires` names the special situation without which it is of no use (« une campagne de financement participatif »).
    """

    __tablename__ = "service"
    __table_args__ = (one_of("status", STATUSES),)

    id = Column(Integer, primary_key=True)
    slug = Column(String, nullable=False, unique=True)
    actor_id = Column(ForeignKey("actor.id", ondelete="CASCADE"), nullable=False, index=True)
    name = Column(String, nullable=False)
    needs = code_list()
    legal_forms = code_list()
    stages = code_list()
    category = Column(String)
    summary = Column(Text)
    amount_min = Column(Integer)
    amount_max = Column(Integer)
    share_of_cost_max = Column(Float)
    cost = Column(Text)
    conditions = json_list()
    requires = Column(Text)
    uses = json_list()
    how_to_apply = Column(Text)
    valid_from = Column(Date)
    valid_to = Column(Date)
    status = Column(String, nullable=False, default="active")
    source = Column(Text)
    other_sources = json_list()
    as_of = Column(String)
    note = Column(Text)
    aliases = json_list()

    actor = relationship("Actor", back_populates="services")


class Answer(Base):
    """A checked answer to a question, known by its topic `slug`.

    `facet` is the fact that it tells of its actor or `subject`, by which « et la Fiducie? » finds its like.
    It names actors, services and other answers by slug and not by key: answers are written apart from
    the actors, and `directory check` reports a name that leads nowhere.
    """

    __tablename__ = "answer"
    __table_args__ = (one_of("status", STATUSES),)

    id = Column(Integer, primary_key=True)
    slug = Column(String, nullable=False, unique=True)
    question = Column(Text, nullable=False)
    label = Column(String, nullable=False)
    text = Column(Text, nullable=False)
    subject = Column(String)
    facet = Column(String)
    actor_slug = Column(String, index=True)
    service_slug = Column(String, index=True)
    legal_form = Column(String)
    stage = Column(String)
    twin = Column(String)
    next = json_list()
    see = json_list()
    sources = json_list()
    as_of = Column(String)
    status = Column(String, nullable=False, default="active")
    rows = json_list()


class Revision(Base):
    """One change of one record: who, when, before and after.

    `seed_digest` is filled by the import only: the digest of the record as the seed gave it, by which
    the next import knows whether somebody changed it since.
    """

    __tablename__ = "revision"
    __table_args__ = (Index(None, "entity", "key"),)

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False, index=True)
    author = Column(String, nullable=False)
    entity = Column(String, nullable=False)
    key = Column(String, nullable=False)
    before = Column(JSON(none_as_null=True))
    after = Column(JSON(none_as_null=True))
    seed_digest = Column(String)


class LinkCheck(Base):
    """What the last visit of a web address of the directory found; never a change of a record. Codes: `vocabulary.LINK_STATUSES`."""

    __tablename__ = "link_check"
    __table_args__ = (one_of("status", LINK_STATUSES),)

    id = Column(Integer, primary_key=True)
    url = Column(String, nullable=False, unique=True)
    checked_at = Column(UtcDateTime, nullable=False, index=True)
    status = Column(String, nullable=False)
    problem = Column(Text)
    final_url = Column(Text)


class ImportDraft(Base):
    """A file of records that somebody looked at and has not confirmed yet; it goes away when it is, or a day later."""

    __tablename__ = "import_draft"

    id = Column(String, primary_key=True)
    at = Column(UtcDateTime, nullable=False, index=True)
    author = Column(String, nullable=False)
    entity = Column(String, nullable=False)
    content = Column(LargeBinary, nullable=False)


class DirectoryVersion(Base):
    """A single row whose counter grows with each writing transaction; readers poll it to refresh."""

    __tablename__ = "directory_version"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id = Column(Integer, primary_key=True, autoincrement=False)
    counter = Column(Integer, nullable=False, default=0)
