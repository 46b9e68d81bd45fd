"""What the calibration pictures say: text made up from word lists and from all common characters."""

CHINESE_WORDS = (
    '今天 天气 很好 我们 一起 学习 中国 历史 文化 北京 上海 广州 深圳 公司 地址 电话 营业 时间 欢迎 光临 谢谢 惠顾 价格 优惠 '
    '特价 数量 合计 金额 发票 日期 单位 名称 医院 学校 银行 车站 机场 地铁 公园 出口 入口 注意 安全 禁止 吸烟 请勿 触摸 '
    '春夏秋冬 东南西北 山水风景 牛奶 面包 鸡蛋 苹果 西瓜 茶叶 咖啡 米饭 面条 饺子 火锅 豆腐 蔬菜 水果 技术 服务 管理 发展 '
    '经济 社会 国家 人民 政府 法律 合同 责任 有限公司 身份证 驾驶证 出生 住址 性别 民族 姓名 联系人 手机 邮箱 网站 密码 用户 '
    '登录 注册 下载 打印 文件 图片 视频 音乐 新闻 体育 健康 教育 旅游 交通 环境 能源 科学 研究 报告 通知 公告 办公室'
).split()
JAPANESE_WORDS = (
    'こんにちは ありがとう ございます お願い します 東京 大阪 京都 駅 出口 入口 営業時間 定休日 電話番号 住所 会社 株式会社 '
    '領収書 合計 小計 税込 お釣り 割引 商品 名前 生年月日 カタカナ コーヒー ビール ラーメン カレーライス おにぎり 弁当 '
    'サービス センター インターネット メール パソコン スマートフォン テレビ ニュース 天気予報 明日 今日 昨日 曜日 午前 午後 '
    '新幹線 自転車 病院 学校 銀行 図書館 公園 注意 禁煙 危険 非常口 案内 受付 予約 変更 取消 確認 送信 検索 の は が を に で'
).split()
ENGLISH_WORDS = (
    'the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one '
    'you were all her she there would their we him been has when who will no more if out so what up said about than into '
    'them can only other time new some could these two may first then do any like my now over such our man me even most '
    'made after also did many off before must well back through years where much your way down should because long each '
    'just state people those how little good make very still see men work government world system question company Street '
    'Road Market Coffee House Opening hours Please keep receipt Customer Service Department Annual Report Chapter Figure '
    'Conclusion University London America Monday Friday January August Emergency Exit Private Parking Warning Quality'
).split()
FRENCH_WORDS = (
    'le la les de des du un une et à être avoir que pour dans ce cette il elle qui ne sur se pas plus par je avec tout '
    'faire son mettre autre on mais nous comme ou si leur homme dire élève très même où déjà là fenêtre forêt hôtel '
    'château août Noël français garçon leçon façade reçu ça cœur sœur œuvre été année journée société qualité santé '
    'café thé crème brûlée pâtisserie boulangerie pharmacie théâtre musée église école université économie énergie '
    'réservation entrée sortie priorité défense interdit gratuit prénom adresse téléphone numéro règlement facture '
    'montant échéance référence d’accord l’eau l’État aujourd’hui s’il vous plaît À bientôt Élysée naïf maïs ambiguë'
).split()
SHOPS = (
    'KEDAI RUNCIT|RESTORAN SELERA|HARDWARE TRADING|MINI MARKET|STATIONERY & BOOKS|PHARMACY|BAKERY HOUSE|ENTERPRISE|'
    'SUPERMARKET|AUTO PARTS|ELECTRICAL|SEAFOOD RESTAURANT|FASHION STORE|GROCERIES'
).split('|')
STREETS = (
    'JALAN BUKIT|LORONG MERANTI|TAMAN PERMATA|PERSIARAN INDAH|HIGH STREET|STATION ROAD|LEBUH UTAMA|KAMPUNG BARU|'
    'PUSAT BANDAR|BANDAR SRI|MARKET SQUARE'
).split('|')
GOODS = (
    'WHITE BREAD|FRESH MILK 1L|NASI LEMAK|TEH TARIK|MINERAL WATER 500ML|CHICKEN RICE|A4 PAPER 80GSM|BALL PEN BLUE|'
    'PVC PIPE 20MM|LED BULB 9W|ROUND FILE|COOKING OIL 5KG|SUGAR 1KG|EGGS GRADE A|SHAMPOO 340ML|TOOTHPASTE|BATTERY AA 4S|'
    'FRIED NOODLES|ICE LEMON TEA|KOPI O|ROTI CANAI|MASKING TAPE|SCREW DRIVER|PLASTIC BAG|PHOTOCOPY|ENVELOPE WHITE|'
    'HAND SOAP|BEEF BURGER|FRENCH FRIES (L)|CHOCOLATE CAKE'
).split('|')
RECEIPT_PHRASES = (
    'TAX INVOICE|THANK YOU|PLEASE COME AGAIN|GOODS SOLD ARE NOT RETURNABLE|TOTAL|SUB TOTAL|ROUNDING|CASH|CHANGE|'
    'GST SUMMARY|AMOUNT (RM)|TAX(RM)|DESCRIPTION|QTY|UNIT PRICE|DISC|CASHIER|RECEIPT NO|DATE|TIME|TABLE NO|SERVED BY|'
    'TOTAL INCLUSIVE OF GST|NET AMOUNT|TOTAL SALES|VISA CARD|MEMBER CARD|INVOICE NO|DOCUMENT NO.|SALES PERSON|'
    'THANK YOU FOR SHOPPING WITH US|NO REFUND|EXCHANGE WITHIN 7 DAYS WITH RECEIPT|CUSTOMER COPY|ITEM COUNT'
).split('|')


def han(rows=range(0xB0, 0xD8)):
    """The 3,755 common Chinese characters, in GB 2312's order."""
    return ''.join(bytes([row, cell]).decode('gb2312') for row in rows for cell in range(0xA1, 0xFF) if (row, cell) < (0xD7, 0xFA))


def kanji(rows=range(0xB0, 0xD0)):
    """The 2,965 kanji of JIS level 1."""
    return ''.join(bytes([row, cell]).decode('euc_jp') for row in rows for cell in range(0xA1, 0xFF) if (row, cell) < (0xCF, 0xD4))


HAN, KANJI = han(), kanji()
KANA = ''.join(chr(code) for code in [*range(0x3042, 0x3094), *range(0x30A2, 0x30F5)])


def chinese(random):
    if random.random() < 0.4:
        return ''.join(random.choices(HAN, k=random.randint(2, 16)))
    words = random.choices(CHINESE_WORDS, k=random.randint(1, 6))
    return random.choice(['', '', '，', '：']).join(words) + random.choice(['', '', '。', '！'])


def japanese(random):
    if random.random() < 0.4:
        return ''.join(random.choices(KANJI + KANA * 12, k=random.randint(2, 16)))
    return ''.join(random.choices(JAPANESE_WORDS, k=random.randint(1, 5))) + random.choice(['', '', '。'])


def english(random):
    words = ' '.join(random.choices(ENGLISH_WORDS, k=random.randint(1, 8)))
    return random.choice([words, words.capitalize() + random.choice('.,:?!'), words.upper(), words.title()])


def french(random):
    words = ' '.join(random.choices(FRENCH_WORDS, k=random.randint(1, 8)))
    return random.choice([words, words.capitalize() + random.choice(['.', ',', ' :', ' ?']), words.capitalize()])


def price(random):
    cents = random.choice([random.randint(5, 999), random.randint(100, 99999)])
    return f'{cents // 100}.{cents % 100:02}'


def date(random):
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(2010, 2027)
    name = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split()[month - 1]
    return random.choice([
        f'{day:02}/{month:02}/{year}', f'{year}-{month:02}-{day:02}', f'{day:02}-{name}-{year}', f'{day}.{month}.{year}',
    ])


def clock(random):
    text = f'{random.randint(0, 23):02}:{random.randint(0, 59):02}'
    return random.choice([text, f'{text}:{random.randint(0, 59):02}', f'{text} {random.choice(["AM", "PM"])}'])


def digits(random, least, most):
    return ''.join(random.choices('0123456789', k=random.randint(least, most)))


def number(random):
    return random.choice([
        lambda: digits(random, 1, 14),
        lambda: price(random),
        lambda: f'{random.choice("$€£¥")}{price(random)}',
        lambda: f'{date(random)} {clock(random)}',
        lambda: f'{random.randint(0, 100)}%',
        lambda: f'{digits(random, 2, 4)}-{digits(random, 3, 4)} {digits(random, 4, 4)}',
        lambda: f'{random.randint(1, 9)},{digits(random, 3, 3)},{digits(random, 3, 3)}.{digits(random, 2, 2)}',
        lambda: f'{random.choice("ABCDEFGHJKLMNPRSTUVWXYZ")}{digits(random, 4, 9)}',
    ])()


def receipt(random):
    """A line of a till receipt: capitals, prices, dates, numbers."""
    return random.choice([
        lambda: random.choice(GOODS),
        lambda: random.choice(GOODS),
        lambda: f'{random.randint(1, 12)} X {price(random)}',
        lambda: f'{random.choice(["RM", "RM ", "$", ""])}{price(random)}',
        lambda: f'{price(random)} {random.choice(["SR", "S", "ZRL", "T"])}',
        lambda: f'{random.choice(RECEIPT_PHRASES)}{random.choice(["", "", " :", ":"])}',
        lambda: f'{random.choice(RECEIPT_PHRASES)} : {price(random)}',
        lambda: f'DATE : {date(random)}',
        lambda: f'{date(random)} {clock(random)}',
        lambda: f'TEL: {digits(random, 2, 3)}-{digits(random, 7, 8)}',
        lambda: f'GST ID : {digits(random, 12, 12)}',
        lambda: f'{random.choice(SHOPS)} {random.choice(["SDN BHD", "SDN. BHD.", "(M) SDN BHD", "LTD"])}',
        lambda: f'NO. {random.randint(1, 99)}, {random.choice(STREETS)} {random.randint(1, 30)}/{random.randint(1, 9)},',
        lambda: f'{digits(random, 5, 5)} {random.choice(STREETS)}, {random.choice(["SELANGOR", "JOHOR", "KUALA LUMPUR"])}.',
        lambda: f'INV NO: {random.choice(["CS", "OR", "POS-", ""])}{digits(random, 5, 9)}',
        lambda: f'({digits(random, 6, 7)}-{random.choice("ADHKMPTUVWX")})',
        lambda: digits(random, 8, 13),
        lambda: random.choice(GOODS).title(),
        lambda: f'{random.choice(RECEIPT_PHRASES).capitalize()}.',
    ])()
