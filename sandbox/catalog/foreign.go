package catalog

// foreignProduct is written in its own language from title to description, with letters,
// quotation marks and entities that break what assumes ASCII.
type foreignProduct struct {
	title, description string
	tags               []string
	cents, grams       int64
}

var foreignProducts = []foreignProduct{
	{
		"有田焼の湯呑み 青磁", "<p>職人が一つひとつ手作業で仕上げた湯呑みです。</p><ul><li>容量：約180&nbsp;ml</li><li>電子レンジ使用可</li></ul>",
		[]string{"和食器", "ギフト"},
		3200, 240,
	},
	{
		"Geschirrtuch „Gänseblümchen“", "<p>Halbleinen aus der Oberlausitz, gewebt f&uuml;r gro&szlig;e T&ouml;pfe &amp; kleine H&auml;nde.</p><ul><li>50 × 70 cm</li><li>bei 60&nbsp;°C waschbar</li></ul>",
		[]string{"Küche", "Geschenk"},
		1490, 110,
	},
	{
		"Bougie parfumée « Forêt d’été »", "<p>Cire v&eacute;g&eacute;tale coul&eacute;e &agrave; la main pr&egrave;s de Grasse.</p><ul><li>Dur&eacute;e : environ 45&nbsp;heures</li><li>Mèche en coton</li></ul>",
		[]string{"maison", "été"},
		2900, 320,
	},
	{
		"手ぬぐい 藍染め 波千鳥", "<p>注染で染めた綿100％の手ぬぐい。使うほどにやわらかくなります。</p><ul><li>約33×90&nbsp;cm</li></ul>",
		[]string{"手ぬぐい", "藍"},
		1650, 60,
	},
	{
		"Küchenmesser aus Solinger Stahl, 16 cm", "<p>Handgesch&auml;rft, mit Griff aus R&auml;ucher&shy;eiche.</p><ul><li>Nicht in die Sp&uuml;lmaschine</li><li>H&auml;rte 58 HRC</li></ul>",
		[]string{"Küche", "Messer"},
		8900, 310,
	},
	{
		"Crème hydratante à l’amande douce", "<p>Texture l&eacute;g&egrave;re, p&eacute;n&egrave;tre vite &mdash; m&ecirc;me en plein hiver.</p><ul><li>Sans parfum</li><li>98&nbsp;% d’origine naturelle</li></ul>",
		[]string{"soin", "visage"},
		2400, 95,
	},
	{
		"宇治抹茶 石臼挽き 30g", "<p>京都・宇治の茶園から。<strong>薄茶</strong>にもラテにも。</p><ul><li>賞味期限：6か月</li></ul>",
		[]string{"お茶", "抹茶"},
		2100, 70,
	},
	{
		"Übertopf Weißes Häuschen", "<p>Steingut, au&szlig;en matt, innen glasiert.</p><ul><li>Ø 14 cm</li><li>f&uuml;r drau&szlig;en geeignet</li></ul>",
		[]string{"Garten"},
		2250, 860,
	},
	{
		"Confiture d’abricots du Roussillon", "<p>Cuite au chaudron, 65&nbsp;g de fruits pour 100&nbsp;g.</p><ul><li>Pot de 370 g</li><li>&Agrave; conserver au frais apr&egrave;s ouverture</li></ul>",
		[]string{"épicerie"},
		790, 590,
	},
}
