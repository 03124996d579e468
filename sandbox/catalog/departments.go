package catalog

// department is a shelf of the made-up shop: what stands on it, what it is made of, and what a
// buyer chooses between. Amounts are cents of a currency with two decimals.
type department struct {
	code     string // beginning of every SKU
	vendors  []string
	material []string // what a thing is made of, in the description and often in the title
	things   []thing
	lines    []string // names of collections, the last part of a title
	care     []string // what the list in a description says, HTML entities included
	options  []option
}

// thing is one kind of product.
type thing struct {
	name         string
	kind         string // product type
	category     string // full name in Shopify's product taxonomy
	cheap, dear  int64  // cents
	light, heavy int64  // grams; 0 for what is downloaded
}

// option is what a buyer may choose; dearer counts the percent that each further value adds.
type option struct {
	name   string
	values []string
	dearer int64
}

var departments = []department{
	{
		code: "CLO", vendors: []string{"Harbour & Loom", "Norrviken", "Field Tailors"},
		material: []string{"Linen", "Organic Cotton", "Merino", "Brushed Flannel", "Corduroy", "Recycled Wool"},
		things: []thing{
			{"Shirt", "Shirts", "Apparel & Accessories > Clothing > Clothing Tops > Shirts", 4500, 9500, 220, 380},
			{"Crewneck", "Knitwear", "Apparel & Accessories > Clothing > Clothing Tops > Sweaters", 6900, 14900, 350, 620},
			{"Trousers", "Trousers", "Apparel & Accessories > Clothing > Pants", 7900, 15900, 420, 700},
			{"Beanie", "Hats", "Apparel & Accessories > Clothing Accessories > Hats", 1900, 3900, 60, 110},
			{"Overshirt", "Jackets", "Apparel & Accessories > Clothing > Outerwear", 9900, 21900, 650, 1100},
			{"Socks", "Socks", "Apparel & Accessories > Clothing > Socks", 900, 1900, 50, 90},
		},
		lines: []string{"Alder", "Skerry", "Moorland", "Tide", "Juniper", "Ferry", "Lantern", "Quarry"},
		care:  []string{"Wash at 30&nbsp;&deg;C, dry flat", "Cut &amp; sewn in Porto", "Buttons made of corozo nut", "Pre-washed, so it keeps its size"},
		options: []option{
			{"Size", []string{"XS", "S", "M", "L", "XL"}, 0},
			{"Color", []string{"Ink", "Oat", "Moss", "Rust"}, 0},
			{"Fit", []string{"Regular", "Relaxed"}, 0},
		},
	},
	{
		code: "HOM", vendors: []string{"Kiln Street", "Bothy Home", "Casa Lume"},
		material: []string{"Stoneware", "Oak", "Recycled Glass", "Enamel", "Brass", "Washed Linen"},
		things: []thing{
			{"Mug", "Tableware", "Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs", 1400, 3200, 280, 450},
			{"Serving Bowl", "Tableware", "Home & Garden > Kitchen & Dining > Tableware > Serveware", 2900, 7800, 700, 1600},
			{"Table Lamp", "Lighting", "Home & Garden > Lighting > Lamps", 5900, 18900, 1500, 4200},
			{"Throw", "Textiles", "Home & Garden > Linens & Bedding > Bedding > Blankets", 6900, 15900, 900, 1700},
			{"Vase", "Decor", "Home & Garden > Decor > Vases", 2400, 8900, 600, 2100},
			{"Cutting Board", "Kitchen", "Home & Garden > Kitchen & Dining > Kitchen Tools & Utensils > Cutting Boards", 2900, 6900, 800, 2300},
		},
		lines:   []string{"Hearth", "Pebble", "Aubrey", "Saltmarsh", "Nova", "Orchard", "Granary"},
		care:    []string{"Dishwasher safe, but happier by hand", "Each piece differs by a few millimetres", "Fired at 1,240&nbsp;&deg;C", "Packed without plastic"},
		options: []option{{"Size", []string{"Small", "Medium", "Large"}, 35}, {"Glaze", []string{"Chalk", "Slate", "Celadon"}, 0}},
	},
	{
		code: "FOO", vendors: []string{"Mill & Orchard", "Costa Verde", "The Pickle Loft"},
		material: []string{"Single-Origin", "Wildflower", "Smoked", "Stone-Ground", "Raw", "Barrel-Aged"},
		things: []thing{
			{"Coffee Beans", "Coffee", "Food, Beverages & Tobacco > Beverages > Coffee", 900, 2400, 250, 1000},
			{"Honey", "Pantry", "Food, Beverages & Tobacco > Food Items > Condiments & Sauces > Honey", 700, 1600, 340, 650},
			{"Olive Oil", "Pantry", "Food, Beverages & Tobacco > Food Items > Cooking & Baking Ingredients > Cooking Oils", 1200, 3800, 600, 1300},
			{"Sea Salt", "Pantry", "Food, Beverages & Tobacco > Food Items > Seasonings & Spices", 400, 1100, 120, 300},
			{"Dark Chocolate", "Sweets", "Food, Beverages & Tobacco > Food Items > Candy & Chocolate", 450, 1200, 70, 200},
			{"Hot Sauce", "Pantry", "Food, Beverages & Tobacco > Food Items > Condiments & Sauces > Hot Sauce", 600, 1400, 180, 320},
		},
		lines:   []string{"Reserve", "No. 4", "Hillside", "Harvest", "Lot 19", "Farmhouse"},
		care:    []string{"Keep cool &amp; dry", "Best within 6&ndash;9 months", "May contain traces of nuts", "Glass goes back: we refill it"},
		options: []option{{"Pack", []string{"Single", "Pack of 3", "Pack of 6"}, 150}, {"Grind", []string{"Whole", "Fine", "Coarse"}, 0}},
	},
	{
		code: "BOK", vendors: []string{"Paper Lantern Press", "Second Shelf", "Editions Marée"},
		material: []string{"Illustrated", "Annotated", "Pocket", "Collected", "Complete", "Little"},
		things: []thing{
			{"Guide to Wild Mushrooms", "Books", "Media > Books", 1200, 2900, 250, 700},
			{"Atlas of Lighthouses", "Books", "Media > Books", 1900, 4900, 600, 1500},
			{"Book of Breads", "Books", "Media > Books", 1500, 3900, 500, 1200},
			{"History of Tea", "Books", "Media > Books", 1100, 2600, 240, 600},
			{"Stories from the Ferry", "Books", "Media > Books", 900, 1900, 180, 420},
			{"Garden Journal", "Stationery", "Office Supplies > General Office Supplies > Paper Products > Notebooks & Notepads", 800, 2100, 200, 480},
		},
		lines:   []string{"First Edition", "Revised", "Anniversary Edition", "Volume I", "Volume II"},
		care:    []string{"Printed on FSC paper", "Sewn binding that lies flat", "Cover by Ana S&aacute;", "192 pages, 40 plates"},
		options: []option{{"Format", []string{"Paperback", "Hardcover"}, 60}},
	},
	{
		code: "COS", vendors: []string{"Fern & Clay", "Onda", "Apothecary Nine"},
		material: []string{"Rosehip", "Oat Milk", "Sea Buckthorn", "Charcoal", "Calendula", "Green Tea"},
		things: []thing{
			{"Hand Cream", "Skin Care", "Health & Beauty > Personal Care > Cosmetics > Skin Care > Lotion & Moisturizer", 900, 2200, 60, 140},
			{"Face Oil", "Skin Care", "Health & Beauty > Personal Care > Cosmetics > Skin Care", 1900, 4800, 70, 130},
			{"Soap Bar", "Bath", "Health & Beauty > Personal Care > Cosmetics > Bath & Body > Bar Soap", 500, 1100, 100, 160},
			{"Shampoo", "Hair Care", "Health & Beauty > Personal Care > Hair Care > Shampoo & Conditioner > Shampoo", 1200, 2600, 280, 620},
			{"Lip Balm", "Skin Care", "Health & Beauty > Personal Care > Cosmetics > Skin Care > Lip Balms & Treatments", 400, 900, 15, 30},
			{"Body Scrub", "Bath", "Health & Beauty > Personal Care > Cosmetics > Bath & Body", 1400, 2900, 220, 420},
		},
		lines:   []string{"Dawn", "Calm", "Daily", "Night", "Sensitive", "Ritual"},
		care:    []string{"Vegan &amp; cruelty-free", "Without perfume or microplastics", "Patch-test on sensitive skin", "Use within 12&nbsp;months"},
		options: []option{{"Volume", []string{"50 ml", "100 ml", "250 ml"}, 55}, {"Scent", []string{"Unscented", "Vetiver", "Neroli"}, 0}},
	},
	{
		code: "OUT", vendors: []string{"Ridgeway Supply", "Tarn & Co.", "Fjordlys"},
		material: []string{"Waxed Canvas", "Titanium", "Recycled Nylon", "Ash Wood", "Stainless Steel"},
		things: []thing{
			{"Daypack", "Bags", "Luggage & Bags > Backpacks", 6900, 15900, 700, 1300},
			{"Water Bottle", "Camping", "Sporting Goods > Outdoor Recreation > Camping & Hiking", 1900, 4200, 180, 420},
			{"Camp Stool", "Camping", "Furniture > Outdoor Furniture", 3900, 8900, 1200, 2600},
			{"Dog Lead", "Pets", "Animals & Pet Supplies > Pet Supplies > Pet Leashes", 1500, 3900, 150, 320},
			{"Headlamp", "Camping", "Hardware > Tools > Flashlights & Headlamps", 2400, 6900, 80, 160},
		},
		lines:   []string{"Traverse", "Cairn", "Basecamp", "Drift", "Summit"},
		care:    []string{"Repairs for life", "Tested between &minus;10 and 45&nbsp;&deg;C", "Weighs less than it looks", "Spare parts &gt; new parts"},
		options: []option{{"Color", []string{"Pine", "Sand", "Signal Orange"}, 0}, {"Size", []string{"S", "L"}, 30}},
	},
	{
		code: "DIG", vendors: []string{"Second Shelf", "Harbour & Loom"},
		material: []string{"Beginner's", "Weekend", "Advanced", "Family"},
		things: []thing{
			{"Sewing Pattern (PDF)", "Downloads", "Media > Product Manuals", 600, 1800, 0, 0},
			{"Sourdough Course", "Downloads", "Media > Videos", 1900, 5900, 0, 0},
			{"Audiobook", "Downloads", "Media > Books > Audiobooks", 900, 2400, 0, 0},
		},
		lines:   []string{"Autumn", "Essentials", "Studio", "Encore"},
		care:    []string{"The link arrives by e-mail within minutes", "Yours to keep, no subscription", "Opens on any phone or computer"},
		options: []option{{"Language", []string{"English", "Deutsch", "Français"}, 0}},
	},
}

// digitalDepartment is the last: nothing on it is shipped.
var digitalDepartment = len(departments) - 1
