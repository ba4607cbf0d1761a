from django.urls import path

from caunoi.statements.views import keeping, public, undoing

app_name = "statements"
urlpatterns = [
    path("sao-ke/", public.index, name="index"),
    path("sao-ke/dong/<str:short>/", public.line, name="line"),
    path("sao-ke/dong/<str:short>/chung-thuc.json", public.proof, name="proof"),
    path("sao-ke/<slug:slug>/", public.statement, name="statement"),
    path("sao-ke/<slug:slug>/360giving.<str:ending>", public.giving, name="giving"),
    path("quan-tri/sao-ke/", keeping.files, name="files"),
    path("quan-tri/sao-ke/nhap/", keeping.upload, name="upload"),
    path("quan-tri/sao-ke/can-khop/", keeping.to_match, name="to_match"),
    path("quan-tri/sao-ke/tep/<uuid:pk>/", keeping.file, name="file"),
    path("quan-tri/sao-ke/tep/<uuid:pk>/cot/", keeping.choose, name="choose"),
    path("quan-tri/sao-ke/tep/<uuid:pk>/chay/", keeping.start, name="start"),
    path("quan-tri/sao-ke/tep/<uuid:pk>/bo/", keeping.drop, name="drop"),
    path("quan-tri/sao-ke/tep/<uuid:pk>/go/", undoing.ask, name="undo"),
    path("quan-tri/sao-ke/tep/<uuid:pk>/go/quyet/", undoing.decide, name="decide_undo"),
    path("quan-tri/sao-ke/tai-khoan/", undoing.accounts, name="accounts"),
    path("quan-tri/sao-ke/tai-khoan/<int:pk>/", undoing.sole, name="sole"),
    path("quan-tri/sao-ke/tep/<uuid:pk>/loi.xlsx", keeping.errors, name="errors"),
    path("quan-tri/sao-ke/dong/<str:short>/", keeping.line, name="keep_line"),
    path("quan-tri/sao-ke/dong/<str:short>/<slug:deed>/", keeping.deed, name="deed"),
]
