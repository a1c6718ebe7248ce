"""What the demo company sells: products and SKUs of a home-goods merchant, with costs, weights and prices."""

from __future__ import annotations

from random import Random

from daifa.kit.values import dataclass

BRAND = "舒宜家"

# Name | category | selling words | colours | sizes | cost from–to in yuan | grams
_KINDS = """
沥水碗架|厨房收纳|不锈钢 厨房置物架 碗碟沥水 台面收纳|银色 黑色|单层 双层|18-46|1600
调料收纳盒|厨房收纳|家用 密封防潮 组合套装|透明 白色|四格 六格|8-19|520
保鲜盒|厨房收纳|食品级 冰箱专用 可微波|透明 绿色|600ml 1000ml 1800ml|5-14|260
切菜板|厨房用品|抗菌防霉 双面 家用砧板|原木色 灰色|小号 大号|12-30|1500
硅胶铲勺|厨房用品|不粘锅专用 耐高温 炊具套装|灰色 奶油色|三件套 五件套|11-26|480
洗碗海绵|清洁用品|不沾油 百洁布 厨房清洁|混色|10片 20片|5-9|180
垃圾桶|清洁用品|夹缝 带盖 按压式 卫生间厨房|白色 灰色 奶茶色|8L 12L|12-29|1100
旋转拖把|清洁用品|免手洗 家用 一拖净 桶套装|蓝色 灰色|单桶 双桶|26-58|3200
静电除尘掸|清洁用品|伸缩 灰尘清扫 床底神器|灰色 蓝色|1.4米 2.5米|7-16|350
粘毛器|清洁用品|可撕式 滚筒 衣物床单|白色|两筒 五筒|6-13|300
收纳箱|收纳整理|加厚 大号 衣服玩具储物|透明 灰色 粉色|20L 45L 70L|14-42|2200
真空压缩袋|收纳整理|被子衣物 免抽气 立体|透明|中号 特大号|8-22|600
抽屉分隔盒|收纳整理|自由组合 桌面文具内衣|白色 透明|三件套 六件套|7-17|420
衣架|收纳整理|防滑 无痕 宽肩 家用晾衣架|灰色 白色 绿色|10个 20个 40个|8-27|900
挂衣架|收纳整理|落地 卧室 简易 晾衣杆|黑色 白色|单杆 双杆|23-52|3600
鞋架|收纳整理|多层 门口 家用 防尘|黑色 白色|四层 六层|22-60|3800
毛绒地毯|家纺布艺|客厅 卧室床边毯 加厚 可水洗|灰色 米色 粉色|40x60cm 80x160cm|15-55|1300
吸水脚垫|家纺布艺|硅藻泥 浴室门口 防滑|深灰 浅灰 米白|40x60cm 50x80cm|9-24|750
记忆棉枕头|家纺布艺|护颈椎 慢回弹 单人|白色 灰色|低枕 高枕|24-49|1200
四件套床品|家纺布艺|水洗棉 裸睡 被套床单|雾霾蓝 奶茶色 灰色|1.5米床 1.8米床|48-80|2600
毛毯|家纺布艺|法兰绒 加厚 午睡空调毯|灰色 驼色|100x150cm 150x200cm|17-40|1100
窗帘|家纺布艺|遮光 免打孔 卧室|灰色 米色|1.3x1.8米 2.0x2.7米|21-63|1700
沙发垫|家纺布艺|四季通用 防滑 雪尼尔|灰色 米色 绿色|70x70cm 70x180cm|16-48|900
浴巾|卫浴用品|纯棉 加大 速干 吸水|白色 灰色 粉色|70x140cm 80x160cm|13-29|480
毛巾|卫浴用品|纯棉 洗脸 家用 柔软吸水|混色 灰色|两条 四条|9-20|300
浴室置物架|卫浴用品|免打孔 壁挂 太空铝|黑色 银色|单层 双层|15-38|950
牙刷架|卫浴用品|免打孔 漱口杯 自动挤牙膏|白色 灰色|两口 四口|14-33|620
马桶刷|卫浴用品|无死角 硅胶 壁挂|白色 灰色|单支 套装|7-15|400
淋浴喷头|卫浴用品|增压 过滤 花洒|银色 白色|单喷头 套装|16-37|450
浴帘|卫浴用品|防水防霉 加厚 免打孔|白色 灰色|1.5x1.8米 2.0x2.0米|13-31|800
保温杯|杯壶餐具|304不锈钢 大容量 学生|黑色 白色 粉色|500ml 750ml|19-44|380
玻璃水杯|杯壶餐具|带盖 耐热 花茶|透明|350ml 500ml|7-16|320
陶瓷碗|杯壶餐具|家用 日式 微波炉适用|白色 蓝色|四只 六只|15-36|1400
餐盘|杯壶餐具|北欧 陶瓷 菜盘|白色 绿色|两只 四只|12-30|1300
桌布|家居装饰|防水防油 免洗 餐桌|米色 灰色|90x137cm 137x180cm|12-33|700
抱枕|家居装饰|客厅沙发 靠垫 含芯|灰色 米色 橙色|45x45cm 50x50cm|11-23|520
挂钟|家居装饰|静音 客厅 简约|黑色 白色|12寸 14寸|19-41|900
仿真花|家居装饰|客厅摆件 干花束|混色|小束 大束|9-24|400
小夜灯|家居装饰|感应 充电 起夜|白色|单个 两个|12-27|200
折叠小桌|家具|床上书桌 宿舍 懒人桌|原木色 白色|60x40cm 70x50cm|27-56|3000
"""
_STYLES = ("北欧", "日式", "简约")
_HOT_MARGIN, _COLD_MARGIN = 0.2, 0.4


@dataclass(frozen=True, slots=True)
class Sku:
    """One SKU of the company. Money in fen, weight in grams; ``price_fen`` is its usual retail price."""

    code: str
    product_code: str
    title: str
    colour: str
    size: str
    category: str
    cost_fen: int
    price_fen: int
    weight_g: int
    barcode: str

    @property
    def spec(self) -> str:
        """Colour and size as the company itself writes them."""
        return f"{self.colour}/{self.size}"


@dataclass(frozen=True, slots=True)
class Product:
    """A product with its SKUs; ``heat`` is its share of the sales."""

    code: str
    name: str
    style: str
    words: tuple[str, ...]
    category: str
    skus: tuple[Sku, ...]
    heat: int


def make_products(rng: Random) -> tuple[Product, ...]:
    """About 120 products with about 400 SKUs, always the same for the same generator state."""
    kinds = [line.split("|") for line in _KINDS.strip().splitlines()]
    products: list[Product] = []
    for style in _STYLES:
        for name, category, words, colours, sizes, cost, grams in kinds:
            number = len(products) + 1
            products.append(_product(rng, number, style, name, category, words, colours, sizes, cost, int(grams)))
    return tuple(products)


def _product(
    rng: Random,
    number: int,
    style: str,
    name: str,
    category: str,
    words: str,
    colours: str,
    sizes: str,
    cost: str,
    grams: int,
) -> Product:
    code = f"SYJ{number:03d}"
    low, high = (int(c) * 100 for c in cost.split("-"))
    margin = rng.uniform(_HOT_MARGIN, _COLD_MARGIN)
    size_names, colour_names = sizes.split(), colours.split()
    skus = []
    for s, size in enumerate(size_names):
        step = s / max(len(size_names) - 1, 1)
        base = round(low + (high - low) * step * rng.uniform(0.8, 1.0)) // 10 * 10
        for c, colour in enumerate(colour_names):
            # A few combinations are not made.
            if len(size_names) * len(colour_names) >= 4 and rng.random() < 0.2:
                continue
            sku = f"{code}-{'ABCDE'[c]}{s + 1}"
            skus.append(
                Sku(
                    sku,
                    code,
                    f"{BRAND}{style}{name}",
                    colour,
                    size,
                    category,
                    base,
                    _retail(base, margin),
                    round(grams * (0.7 + 0.6 * step)) // 10 * 10,
                    _barcode(number, c, s),
                )
            )
    heat = round(100 / (1 + rng.randrange(0, 40)))
    return Product(code, name, style, tuple(words.split()), category, tuple(skus), max(heat, 2))


def _retail(cost_fen: int, margin: float) -> int:
    """A price ending in .90 that leaves about this margin after an ordinary parcel's freight."""
    yuan = int((cost_fen + 380) / (1 - margin) / 100)
    return yuan * 100 + 90


def _barcode(number: int, colour: int, size: int) -> str:
    """An EAN-13 with its check digit; the company prefix is invented."""
    body = f"69{0:02d}{number:04d}{colour:02d}{size:02d}"
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)
