"""reports: what members ask moderators to look at, and what these decide."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts.access import Absent
from social.accounts.models import User
from social.api import safety_shapes as shapes
from social.api.describe import describe
from social.safety import access, reports
from social.safety.models import Report

NAMES = ("id", "what", "ref", "about", "reason", "text", "status", "made", "decided", "decider", "note")


def shown(report: Report, viewer: User) -> dict[str, Any]:
    reporter = reports.reporter_for(viewer, report)
    return {"reporter": reporter, **{name: getattr(report, name) for name in NAMES}}


class ReportsView(APIView):
    @describe(
        "The reports of a status",
        parameters=[("status", "open (the default), resolved or dismissed")],
        responses=shapes.ReportsShape,
    )
    def get(self, request: Request) -> Response:
        viewer = access.moderator(request.user)
        found = reports.queue(request.query_params.get("status", Report.OPEN))
        return Response({"reports": [shown(report, viewer) for report in found]})

    @describe("Report something", request=shapes.NewReportShape, responses={201: shapes.ReportMadeShape})
    def post(self, request: Request) -> Response:
        """Moderators see it; whoever it is about never learns by whom."""
        user = accounts.member(request.user)
        given = shapes.NewReportShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"id": reports.make(user, given.validated_data).pk}, status=201)


class ReportView(APIView):
    @describe("Decide a report", request=shapes.DecisionShape, responses=shapes.ReportShape)
    def post(self, request: Request, pk: int) -> Response:
        by = access.acting_moderator(request.user)
        given = shapes.DecisionShape(data=request.data)
        given.is_valid(raise_exception=True)
        report = Report.objects.filter(pk=pk).first()
        if report is None:
            raise Absent
        wish = given.validated_data
        return Response(shown(reports.decide(by, report, wish["deed"], wish["note"]), by))
