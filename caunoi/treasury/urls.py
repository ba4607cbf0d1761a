from django.urls import path

from caunoi.treasury import book_views, open_views, views

app_name = "treasury"
FUND = "quan-tri/quy/<uuid:pk>/"
VOUCHER = "quan-tri/phieu/<uuid:pk>/"
urlpatterns = [
    path("so-cai/", open_views.books, name="books"),
    path("so-cai/<uuid:pk>/", open_views.journal, name="journal"),
    path("so-cai/<uuid:pk>/so-cai.jsonl", open_views.journal_file, name="journal_file"),
    path("so-cai/<uuid:pk>/goc.json", open_views.roots, name="roots"),
    path("kiem-tra/", open_views.verify, name="verify"),
    path("bien-nhan/<uuid:pk>/", open_views.receipt, name="receipt"),
    path("bien-nhan/<uuid:pk>/bang-chung.json", open_views.proof, name="proof"),
    path("quan-tri/quy/", views.funds, name="funds"),
    path("quan-tri/quy/han-muc/", book_views.limits, name="limits"),
    path(FUND, views.fund, name="fund"),
    path(f"{FUND}phieu/", views.vouchers, name="vouchers"),
    path(f"{FUND}phieu/<str:kind>/", views.prepare, name="prepare"),
    path(f"{FUND}can-doi/", book_views.trial_balance, name="trial_balance"),
    path(f"{FUND}kiem-toan/", book_views.audit, name="audit"),
    path(f"{FUND}doi-chieu/", book_views.declare, name="declare"),
    path(f"{FUND}khoa-so/", book_views.close, name="close"),
    path(f"{FUND}bien-nhan.pdf", book_views.receipts_pdf, name="receipts_pdf"),
    path(f"{FUND}niem-yet.pdf", book_views.board_pdf, name="board_pdf"),
    path(f"{FUND}bao-cao.<str:ending>", book_views.report, name="report"),
    path(f"{FUND}toan-bo.zip", book_views.everything, name="everything"),
    path(VOUCHER, views.voucher, name="voucher"),
    path(f"{VOUCHER}in.pdf", book_views.voucher_pdf, name="voucher_pdf"),
    path(f"{VOUCHER}anh/", views.photo, name="photo"),
    path(f"{VOUCHER}<str:deed>/", views.decide, name="decide"),
]
