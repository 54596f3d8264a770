"""allauth's steps of a login and of showing a factor again, judged by our throttles, codes and passkeys.

Answers are allauth's; a failed step is one error of a stable code (`username_password_mismatch`,
`incorrect_code`), too many are 429 with `Retry-After`. Until the last step nothing but this step is open.
"""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.models import Login
from allauth.core import context
from allauth.headless.account import views as account
from allauth.headless.account.inputs import LoginInput, SignupInput
from allauth.headless.base.response import AuthenticationResponse, ConflictResponse
from allauth.headless.base.views import APIView, AuthenticatedAPIView, AuthenticationStageAPIView
from allauth.headless.internal.restkit.inputs import CharField, Input
from allauth.headless.internal.restkit.response import APIResponse, ErrorResponse
from allauth.headless.mfa import views as mfa
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from social.accounts import access, addresses, factors, passkeys, throttle
from social.accounts.models import User

BEGUN_WITH = "begun_with"
"""In the state of a half-finished login: a MAC over the password's hash."""


def code_limits(request: HttpRequest, user: User) -> tuple[throttle.Limit, throttle.Limit]:
    of_account = ("code", user.username, throttle.FACTOR_OF_ACCOUNT)
    return of_account, ("failures", addresses.prefix(request), throttle.FAILURES_OF_ADDRESS)


def refused() -> ValidationError:
    return ValidationError(_("That code does not work, or was used already."), code="incorrect_code")


class Throttling(APIView):  # type: ignore[misc]
    """Answers Throttled by 429, and a passkey that does not fit as a wrong code."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = super().dispatch(request, *args, **kwargs)
        except throttle.Throttled as error:
            problem = {"code": "too_many", "message": error.sentence}
            answer = APIResponse(request, errors=[problem], status=429)
            answer.headers["Retry-After"] = str(error.wait)
        except passkeys.Refused:
            answer = ErrorResponse(request, exception=refused())
        return answer


class JudgedCode:
    """A form's `code`: of the authenticator app, or one of the recovery codes."""

    user: User
    cleaned_data: dict[str, str]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        with throttle.guess(*code_limits(context.request, self.user)):
            found = factors.use_code(self.user, code)
            if found is None:
                raise refused()
        self.authenticator = found
        return code


class CodeInput(JudgedCode, AuthenticateForm, Input):  # type: ignore[misc]
    """The second step of a login."""


class CodeAgainInput(JudgedCode, ReauthenticateForm, Input):  # type: ignore[misc]
    """A code shown again while logged in."""


class NamedInput(LoginInput):  # type: ignore[misc]
    """The first step of a login. It holds with the password it was begun with only."""

    password = CharField(strip=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean()
        if not self.errors:
            self.login.state[BEGUN_WITH] = self.login.user.get_session_auth_hash()
        return found


class LoginView(Throttling, account.LoginView):  # type: ignore[misc]
    """Name and password."""

    input_class = NamedInput


class NewInput(SignupInput):  # type: ignore[misc]
    """Somebody new."""

    password = CharField(strip=False)


class SignUpView(account.SignupView):  # type: ignore[misc]
    input_class: ClassVar[dict[str, type[Input]]] = {"POST": NewInput}


class SecondStep(Throttling, AuthenticationStageAPIView):  # type: ignore[misc]
    """Opens nothing once the password of the first step has been replaced."""

    stage_class = AuthenticateStage

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        begun = unstash_login(request, peek=True)
        if begun is not None and not still_counts(begun):
            clear_login(request)
        return super().handle(request, *args, **kwargs)


def still_counts(begun: Login) -> bool:
    present = begun.user.get_session_auth_hash() if begun.user is not None else ""
    return constant_time_compare(begun.state.get(BEGUN_WITH, ""), present)


class CodeView(SecondStep, mfa.AuthenticateView):  # type: ignore[misc]
    input_class = CodeInput


class PasswordAgainView(Throttling, account.ReauthenticateView):  # type: ignore[misc]
    """The password shown again while logged in."""


class CodeAgainView(Throttling, mfa.ReauthenticateView):  # type: ignore[misc]
    input_class = CodeAgainInput


class PasskeyView(Throttling):
    """GET gives the options of a challenge, POST `{credential}` takes the answer of an authenticator."""

    def options_for(self, request: HttpRequest, user: User | None) -> Any:
        who = addresses.prefix(request)
        throttle.take(("passkey", who, throttle.QUESTIONS_OF_ADDRESS))
        return APIResponse(request, data={"request_options": passkeys.begin_proving(request.session, user)})

    def prove(self, request: HttpRequest, user: User | None) -> Authenticator:
        given = (self.data or {}).get("credential")
        with throttle.guess(("failures", addresses.prefix(request), throttle.FAILURES_OF_ADDRESS)):
            return passkeys.prove(request.session, given, user)


class PasskeyLoginView(PasskeyView):
    """A passkey instead of name, password and code."""

    def get(self, request: HttpRequest) -> Any:
        return self.options_for(request, None)

    def post(self, request: HttpRequest) -> Any:
        if request.user.is_authenticated:
            return ConflictResponse(request)
        row = self.prove(request, None)
        post_authentication(request, row, passwordless=True)
        perform_login(request, Login(user=row.user))
        return AuthenticationResponse(request)


class PasskeyStepView(SecondStep, PasskeyView):
    """A passkey as the second step of a login."""

    def get(self, request: HttpRequest) -> Any:
        return self.options_for(request, self.stage.login.user)

    def post(self, request: HttpRequest) -> Any:
        post_authentication(request, self.prove(request, self.stage.login.user))
        return self.respond_next_stage()


class PasskeyAgainView(AuthenticatedAPIView, PasskeyView):  # type: ignore[misc]
    """A passkey shown again while logged in."""

    def get(self, request: HttpRequest) -> Any:
        return self.options_for(request, access.member(request.user))

    def post(self, request: HttpRequest) -> Any:
        row = self.prove(request, access.member(request.user))
        post_authentication(request, row, reauthenticated=True)
        return AuthenticationResponse(request)
