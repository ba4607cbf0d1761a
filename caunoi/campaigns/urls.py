from django.urls import path

from caunoi.campaigns import views_desk, views_gifts, views_needs, views_promise, views_public

app_name = "campaigns"
urlpatterns = [
    path("van-dong/", views_public.campaigns, name="public_list"),
    path("van-dong/<slug:slug>/", views_public.campaign, name="public"),
    path("van-dong/<slug:slug>/gop/", views_promise.promise, name="promise"),
    path("van-dong/<slug:slug>/ma-qr.<slug:form>", views_public.qr, name="qr"),
    path("van-dong/<slug:slug>/anh-chia-se.png", views_public.share_image, name="share_image"),
    path("van-dong/<slug:slug>/anh/<uuid:pk>/", views_public.picture, name="picture"),
    path("van-dong/<slug:slug>/tin.xml", views_public.feed, name="feed"),
    path("loi-hua/", views_promise.find, name="find_promise"),
    path("loi-hua/<slug:code>/", views_promise.promised, name="promised"),
    path("loi-hua/<slug:code>/ma-qr.<slug:form>", views_promise.promised_qr, name="promised_qr"),
    path("quan-tri/van-dong/", views_desk.campaigns, name="campaigns"),
    path("quan-tri/van-dong/moi/", views_desk.write, name="write"),
    path("quan-tri/van-dong/quy-dinh/", views_desk.launch_rules, name="launch_rules"),
    path("quan-tri/van-dong/<uuid:pk>/", views_desk.campaign, name="campaign"),
    path("quan-tri/van-dong/<uuid:pk>/sua/", views_desk.edit, name="edit"),
    path("quan-tri/van-dong/<uuid:pk>/buoc/<slug:deed>/", views_desk.turn, name="turn"),
    path(
        "quan-tri/van-dong/<uuid:pk>/anh/<uuid:picture_pk>/",
        views_desk.picture,
        name="desk_picture",
    ),
    path("quan-tri/van-dong/<uuid:pk>/tin/", views_desk.tell, name="tell"),
    path("quan-tri/van-dong/<uuid:pk>/cong-khai/<slug:duty>/", views_desk.publish, name="publish"),
    path("quan-tri/van-dong/<uuid:pk>/loi-hua/", views_gifts.gifts, name="gifts"),
    path("quan-tri/van-dong/<uuid:pk>/loi-hua/moi/", views_gifts.take_in, name="take_in_gift"),
    path("quan-tri/van-dong/<uuid:pk>/nhu-cau/", views_needs.needs, name="needs"),
    path("quan-tri/van-dong/<uuid:pk>/nhu-cau/moi/", views_needs.report, name="report_need"),
    path(
        "quan-tri/van-dong/<uuid:pk>/nhu-cau/tep/", views_needs.from_sheet, name="needs_from_sheet"
    ),
    path("quan-tri/nhu-cau/", views_needs.mine, name="my_needs"),
    path("quan-tri/nhu-cau/mau.xlsx", views_needs.pattern, name="needs_pattern"),
    path("quan-tri/nhu-cau/<uuid:pk>/", views_needs.need, name="need"),
    path("quan-tri/nhu-cau/<uuid:pk>/buoc/", views_needs.turn, name="turn_need"),
]
