"""Invented names of givers as they stand in words of transfers, each with the part that nobody may read, and words that everybody must read."""

KINH = (
    "Nguyễn Thị Hoa", "Trần Văn Nam", "Lê Đức Thành Nam", "Phạm Gia Bảo", "Hoàng Phi Hùng", "Huỳnh Tấn Phát", "Phan Bội Trâm", "Vũ Hải Đăng",
    "Võ Nguyên Khang", "Đặng Thuỳ Trâm", "Bùi Bích Phượng", "Đỗ Hữu Chí", "Hồ Sỹ Quý", "Ngô Tất Thắng", "Dương Khánh Vy", "Lý Hải Yến",
    "Đinh Công Tráng", "Đào Duy Tùng", "Đoàn Giỏi", "Vương Tú Quỳnh", "Trịnh Kim Chi", "Trương Mỹ Lan", "Lâm Tâm Như", "Mai Phương Thuý",
    "Cao Bá Nhạ", "Lưu Diệc Phi", "Hà Kiều Anh", "Tô Lâm Sơn", "Tạ Biên Cương", "Thái Hoà Bình", "Chu Lai Quân", "Tăng Thanh Tùng",
    "Nguyễn Hạ Vi", "Trần Uyên", "Lê Mây", "Phùng Quang Vinh", "Tống Khánh Linh", "Kiều Minh Tuấn", "Nghiêm Xuân Yêm", "Quản Trọng Hải",
    "Tôn Nữ Diễm My", "Âu Dương Phong", "Ông Thế Vinh", "Khuất Việt Hưng", "Lục Vân Tiến", "Mạc Đĩnh Kiên", "Thạch Sanh Nhi", "La Hoài Thương",
    "Phí Ngọc Hùng", "Cù Huy Vũ", "Giáp Hồng Đăng", "Doãn Chí Kiên", "Nhâm Phương Nam", "Văn Mai Hương", "Trà Giang", "Uông Chu Luân",
    "Nguyễn Khắc Viện", "Bạch Liên Hoa", "Viên Bích Hợp", "Triệu Vi Kiệt", "Ngụy Như Kon", "Từ Thị Tuyết", "Lại Văn Sáng", "Đàm Vĩnh Hà",
)  # fmt: skip
PEOPLES = (
    "Vừ A Dế", "Thào Thị Mỷ", "Giàng A Páo", "Giàng Seo Phử", "Sùng Thị Dua", "Lầu Bá Chò", "Và Bá Dềnh", "Xồng Bá Lẩu", "Hờ A Di", "Lỳ Pà Xò",
    "Mùa A Sáng", "Cứ Y Sua", "Hạng A Chư", "Tráng A Pao", "Ly Mí Cường", "Già Bá Ca", "Thò Y Dợ",
    "Lò Văn Pánh", "Lò Thị Ón", "Vi Thị Mằn", "Vi Văn Khăm", "Lương Thị Pỏm", "Lô Kim Duyên", "Lữ Đình Thi", "Kha Văn Tám", "Ngân Thị Hiên",
    "Quang Thị Lá",
    "Hà Công Lộm", "Cà Văn Chựa", "Quàng Thị Xôm", "Tòng Văn Hịa", "Cầm Bá Thước", "Sầm Nga Di", "Lang Vi Nguyệt", "Lộc Văn Liếm",
    "Mạc Thị Mùi", "Kim Văn Bốn",
    "Moong Văn Nghệ", "Moong Thị Oanh", "Cụt Văn Thắng", "Cụt Thị Hương", "Lữ Phò Mệt", "Xeo Văn Tình", "Ven Văn Sướng", "Ốc Văn Mạn",
    "Chích Thị Bun", "Rvan Thị Mai",
    "Triệu Mùi Chài", "Triệu Tài Phin", "Bàn Văn Quẩy", "Bàn Mùi Ghến", "Phùng Chòi Mản", "Đặng Tạ Mẩy", "Lý Lở Mẩy", "Chảo Láo Tả",
    "Tẩn Mí Phàm", "Phàn Dào Nu",
    "Nông Quốc Chấn", "Hứa Viết Tô", "Quách Thị Hợi", "Bế Văn Đàn", "Lường Văn Pím", "Hoàng Seo Chúng", "Viềng Thị Thìn", "Lềnh Văn Nhì",
    "Siu Black", "Rơ Châm Ngút", "H'Hen Niê",
    "Y Moan Ênuôl", "Ksor Phước", "Đinh Hrưp", "A Biu", "Hồ Kan Lịch", "Pờ Lóng Tơ", "Chang Phì Né", "Lùng Thị Xín", "Vàng Thị Mai", "Ma Seo Lử",
)  # fmt: skip
ALL = KINH + PEOPLES
UNSEEN = (
    "Nguyễn Thuý An", "Trần Quốc Toản", "Lê Thị Riêng", "Phạm Tiến Đạt", "Hoàng Thuỳ Dương", "Phan Huy Ích", "Vũ Trọng Khánh",
    "Võ Thành Công", "Đặng Thế Phong", "Bùi Hữu Nghĩa", "Đỗ Cao Minh", "Hồ Viết Thắng", "Ngô Gia Tự", "Dương Quảng Hàm", "Đinh Núp",
    "Đào Tấn", "Trịnh Sâm", "Lâm Vinh", "Hà Giang Sơn", "Tô Ngọc Vân", "Cao Xuân Huy", "Thái Phiên", "Đậu Quang Lĩnh", "Chế Lan Hương",
    "Cung Thị Thìn", "Vừ Chông Pao", "Và Rả Lầu", "Xồng Nhia Dềnh", "Lầu Xái Tu", "Hờ Chia Lỳ", "Giàng Nỏ Chù", "Thào Sán Sì", "Lò Khăm Ón",
    "Vi Hải Nam", "Lương Khăm Say", "Lô Tiến Dũng", "Ngân May Lan", "Kha Pỉnh", "Moong Bún Lý", "Cụt Khăm Đi", "Xeo Ma Ni", "Lữ Mẹ Oanh",
    "Triệu Càn Phú", "Bàn Tài Lưu", "Phàn Láo Lở", "Quàng Văn Tiến", "Sầm Tình Vui", "Kim Thanh Tùng", "Nguyễn Vui", "Lê Cường",
)  # fmt: skip
"""Written down after the rule was made and read once: no rule was changed for them. Whoever changes one for them writes new ones here."""
UNSEEN_WORDS = (
    "ung ho ba con xa Muong Xen", "gui tien mua sach cho hoc sinh", "cau chuc binh an den moi nha", "Dong gop quy den on dap nghia",
    "ho tro dong bao bi thiet hai do mua da", "Tien ung ho cua to san xuat so 2", "chuyen tiep tien quyen gop lop 7C",
    "Phi thuong nien the", "nha hang Sen Viet ung ho", "ung ho cong trinh nuoc sach ban Pha Lai", "mung 20 thang 11",
    "hoan ung tien xang xe", "Thuong nong dan san xuat gioi", "gop tay dung lai mai truong", "Ca lang cung chung suc",
    "tien phuc loi cong doan", "ung ho 5 bao gao", "cho em di hoc", "tat ca vi mien Trung than yeu", "ung ho theo loi keu goi cua Mat tran",
)  # fmt: skip
"""Likewise: sentences of transfers of which the rule knew nothing."""
FRAMES = (
    "{} ung ho dong bao",
    "{} chuyen tien ung ho ba con vung lu",
    "{} ck",
    "MBVCB.3278907687.{}.CT tu 0011000123456",
    "em {} gui",
    "ung ho tu {}",
    "co giao {} truong tieu hoc Ky Son ung ho",
    "gia dinh ong {} va cac con ung ho",
    "IBFT {} UNG HO MTTQ",
    "Ban ghi no {} - GOP QUY",
    "{}-UNG HO BAO LU",
    "NGUOI CHUYEN: {}",
)
STAYS = (
    "ung ho dong bao bao lu", "ung ho dong bao mien Bac", "Ủng hộ bà con vùng lũ Kỳ Sơn", "gop chut tam long", "chuc ba con binh an",
    "Phi quan ly tai khoan thang",
    "chuyen tien ung ho quy phong chong thien tai", "gui tang ba con mien nui", "Lớp 5A trường Tiểu học Thanh Xuân ủng hộ", "Chi bo xom 4 ung ho",
    "CONG TY TNHH BAN MAI ung ho", "Tra lai tien chuyen nham", "ho tro xoa nha tam cho ho ngheo", "mua de giong cho ban", "UNG HO DONG BAO BI LU LUT",
    "Rut tien mat", "Thu phi SMS", "nop tien vao tai khoan", "Tap the can bo giao vien truong THPT",
    "quyen gop giup do nguoi dan vung bao so 3", "ho gia dinh kho khan",
    "gop da xay nha", "lam duong vao ban", "mai nha cho em", "gui cac chau hoc sinh", "ung ho xay cau", "vi nguoi ngheo", "chung tay vi nguoi ngheo",
    "Hoan tien chuyen nham", "Chi phi van chuyen gao", "lai tien gui", "tien lai thang 11", "cho cac em den truong", "to dan pho so 7",
    "ban nhac hoi phu nu",
)  # fmt: skip
