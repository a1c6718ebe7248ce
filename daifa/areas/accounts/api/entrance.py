"""Who am I, signing in and out, the first company of a fresh installation, another company."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from daifa.areas.accounts.api.shapes import Done
from daifa.areas.accounts.models import User
from daifa.areas.accounts.services import people, signing_in
from daifa.base.web import REFUSALS, Given, May, afterwards, own_page

router = Router(tags=["accounts"])


class SignIn(Given):
    """Login and password; ``code`` when the account has a second factor (one-time or recovery code)."""

    login: str
    password: str
    code: str = ""


class Company(Schema):
    """A company one belongs to."""

    id: int
    name: str


class Me(Schema):
    """Who is signed in, where, and what they may do."""

    signed_in: bool
    name: str = ""
    login: str = ""
    permissions: list[str] = []
    company: Company | None = None
    companies: list[Company] = []
    first_run: bool = False


def _me(request: HttpRequest) -> Me:
    get_token(request)
    user = request.user
    if not isinstance(user, User):
        return Me(signed_in=False, first_run=not User.objects.exists())
    found = [Company(id=i, name=n) for i, n in signing_in.companies(user)]
    actor = getattr(request, "actor", None)
    if actor is None:
        # The place in the company of this session is gone: go to another one, or be nobody.
        if not found:
            return Me(signed_in=False)
        request.session["tenant_id"] = found[0].id
    here = request.session.get("tenant_id")
    return Me(
        signed_in=True,
        name=actor.name if actor else user.name,
        login=user.login,
        permissions=sorted(actor.permissions) if actor else [],
        company=next((c for c in found if c.id == here), None),
        companies=found,
    )


@router.get("/me", response={200: Me}, auth=None)
def me(request: HttpRequest) -> Me:
    """Who is signed in; also hands out the CSRF cookie."""
    return _me(request)


@router.post("/sign-in", response={200: Done, **REFUSALS}, auth=None)
def sign_in(request: HttpRequest, body: SignIn) -> Done:
    """Sign in with login and password, and a code where there is a second factor (refusal ``totp_required``)."""
    own_page(request)
    signing_in.sign_in(request, login=body.login.strip(), password=body.password, code=body.code)
    return Done()


@router.post("/sign-out", response={200: Done, **REFUSALS}, auth=None)
def sign_out(request: HttpRequest) -> Done:
    """Close this session."""
    own_page(request)
    signing_in.sign_out(request)
    return Done()


class FirstRun(Given):
    """The first company of a fresh installation."""

    company: str
    login: str
    password: str
    name: str = ""


@router.post("/first-run", response={200: Done, **REFUSALS}, auth=None)
def first_run(request: HttpRequest, body: FirstRun) -> Done:
    """Make the first company and its owner; refused once anybody exists."""
    own_page(request)
    people.first_company(name=body.company, login=body.login, password=body.password, owner_name=body.name)
    signing_in.sign_in(request, login=body.login.strip(), password=body.password)
    return Done()


class Switch(Given):
    """Another company."""

    company: int


@router.post("/switch-company", response={200: Done, **REFUSALS}, auth=May())
def switch_company(request: HttpRequest, body: Switch) -> Done:
    """Work in another of one's companies."""
    signing_in.switch_company(request, body.company)
    user = request.user
    if isinstance(user, User):
        afterwards(request, lambda: signing_in.record(user, body.company, request))
    return Done()
