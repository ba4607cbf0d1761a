from django.urls import path

from caunoi.answers.views import feeds, importing, keeping, library

app_name = "answers"
urlpatterns = [
    path("hoi-dap/", library.library, name="library"),
    path("hoi-dap/bang/", library.table, name="library_table"),
    path("hoi-dap/atom.xml", feeds.everything, name="feed"),
    path("hoi-dap/don-vi/<slug:slug>/atom.xml", feeds.of_unit, name="unit_feed"),
    path("hoi-dap/chu-de/<slug:code>/atom.xml", feeds.of_topic, name="topic_feed"),
    path("hoi/<slug:number>/atom.xml", feeds.of_question, name="question_feed"),
    path("hoi/<slug:number>/lich-su/", library.history, name="history"),
    path("hoi/<slug:number>/to-in/", library.sheet, name="sheet"),
    path("hoi/<slug:number>/giup-duoc/", library.helped, name="helped"),
    path("sitemap.xml", feeds.site_map_index, name="site_map_index"),
    path("sitemap-<slug:section>.xml", feeds.site_map, name="site_map"),
    path("quan-tri/hoi-dap/", keeping.manage, name="manage"),
    path("quan-tri/hoi-dap/nhap/", importing.imports, name="imports"),
    path("quan-tri/hoi-dap/nhap/mau.xlsx", importing.pattern, name="import_pattern"),
    path("quan-tri/hoi-dap/nhap/<uuid:pk>/", importing.one, name="import"),
    path("quan-tri/hoi-dap/nhap/<uuid:pk>/loi.xlsx", importing.errors, name="import_errors"),
    path("quan-tri/hoi-dap/nhap/<uuid:pk>/chay/", importing.start, name="import_start"),
    path("quan-tri/hoi-dap/nhap/<uuid:pk>/bo/", importing.undo, name="import_undo"),
    path("quan-tri/hoi-dap/<slug:number>/", keeping.answer, name="correct"),
    path("quan-tri/hoi-dap/<slug:number>/sua/", keeping.correct, name="correct_text"),
    path("quan-tri/hoi-dap/<slug:number>/hieu-luc/", keeping.validity, name="validity"),
    path("quan-tri/hoi-dap/<slug:number>/luat/", keeping.law, name="law"),
    path("quan-tri/hoi-dap/<slug:number>/rut/", keeping.withdraw, name="withdraw"),
]
