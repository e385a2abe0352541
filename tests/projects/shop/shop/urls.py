"""The sample shop's pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def home(_request: HttpRequest) -> HttpResponse:
    """Answer the front page."""
    return HttpResponse("The shop is open.")


urlpatterns = [path("", home)]
