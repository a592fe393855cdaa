// SPDX-License-Identifier: MIT
#include "ecosystem/registers/names.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::string_view_literals;

using Texts = std::string_view;

constexpr Texts kEstonianMen[] = {
    "Andres", "Rein",   "Jaan",   "Toomas",   "Margus", "Peeter", "Jüri",  "Tõnu",  "Urmas",  "Priit",  "Mart",
    "Martin", "Marko",  "Rasmus", "Kristjan", "Siim",   "Karl",   "Oskar", "Robin", "Hugo",   "Henri",  "Kaspar",
    "Tanel",  "Indrek", "Aivar",  "Raivo",    "Meelis", "Ants",   "Villu", "Taavi", "Märt",   "Sander", "Mihkel",
    "Jaanus", "Erik",   "Ülo",    "Kalev",    "Lembit", "Uku",    "Romet", "Artur", "Joosep", "Sass",   "Alar"};
constexpr Texts kEstonianWomen[] = {
    "Anne",  "Sirje",  "Tiina", "Kadri", "Mari",  "Liis",    "Kristi", "Maarja", "Helena", "Sofia",  "Emma",
    "Laura", "Katrin", "Riina", "Piret", "Triin", "Kairi",   "Eha",    "Õnne",   "Ülle",   "Külli",  "Merle",
    "Anu",   "Reet",   "Aino",  "Elo",   "Hanna", "Johanna", "Keiu",   "Leelo",  "Marta",  "Saskia", "Tuuli",
    "Viivi", "Virve",  "Eva",   "Grete", "Kertu", "Eliise",  "Pille",  "Monika", "Annika", "Kersti", "Heli"};
constexpr Texts kEstonianSurnames[] = {
    "Tamm",    "Saar",    "Sepp",     "Mägi",    "Kask",   "Kukk",    "Rebane",  "Ilves", "Pärn",    "Koppel",
    "Luik",    "Oja",     "Raudsepp", "Vaher",   "Lepik",  "Kaasik",  "Kuusk",   "Põder", "Karu",    "Laur",
    "Toom",    "Kivi",    "Peterson", "Ots",     "Rätsep", "Kallas",  "Mets",    "Hunt",  "Jõgi",    "Järv",
    "Teder",   "Tamme",   "Lill",     "Allik",   "Põld",   "Põldmäe", "Roos",    "Lind",  "Kangur",  "Kütt",
    "Laas",    "Lõhmus",  "Mölder",   "Nurk",    "Nõmm",   "Pihlak",  "Puusepp", "Raud",  "Saks",    "Sild",
    "Soosaar", "Suvi",    "Tõnisson", "Uibo",    "Valk",   "Veski",   "Viira",   "Võsu",  "Õunapuu", "Änilane",
    "Ööpik",   "Ülenurm", "Kalda",    "Kopli",   "Lääne",  "Maasik",  "Niit",    "Orav",  "Pajula",  "Randmaa",
    "Rohtla",  "Talts",   "Undusk",   "Vainola", "Vesik",  "Aavik",   "Eesmaa",  "Haab",  "Jalakas", "Kadakas"};
constexpr Texts kEstonianStreets[] = {"Pikk",  "Lai",   "Tartu mnt", "Narva mnt", "Kooli",  "Aia",      "Kase",
                                      "Tamme", "Metsa", "Mere pst",  "Jaama",     "Uus",    "Vabaduse", "Rannaku",
                                      "Põllu", "Nurme", "Kiriku",    "Turu",      "Sadama", "Õie",      "Pärna",
                                      "Kalda", "Lõuna", "Põhja",     "Veski",     "Soo",    "Roosi",    "Kevade"};
constexpr Town kEstonianTowns[] = {{"Tallinn", "Harju maakond", "101"},     {"Tallinn", "Harju maakond", "106"},
                                   {"Tallinn", "Harju maakond", "130"},     {"Tartu", "Tartu maakond", "501"},
                                   {"Tartu", "Tartu maakond", "510"},       {"Narva", "Ida-Viru maakond", "203"},
                                   {"Pärnu", "Pärnu maakond", "800"},       {"Kohtla-Järve", "Ida-Viru maakond", "303"},
                                   {"Viljandi", "Viljandi maakond", "710"}, {"Rakvere", "Lääne-Viru maakond", "443"},
                                   {"Maardu", "Harju maakond", "741"},      {"Kuressaare", "Saare maakond", "938"},
                                   {"Sillamäe", "Ida-Viru maakond", "402"}, {"Võru", "Võru maakond", "656"},
                                   {"Valga", "Valga maakond", "682"},       {"Haapsalu", "Lääne maakond", "905"},
                                   {"Jõhvi", "Ida-Viru maakond", "415"},    {"Paide", "Järva maakond", "727"},
                                   {"Keila", "Harju maakond", "766"},       {"Põlva", "Põlva maakond", "633"},
                                   {"Kärdla", "Hiiu maakond", "924"},       {"Rapla", "Rapla maakond", "795"},
                                   {"Jõgeva", "Jõgeva maakond", "483"},     {"Otepää", "Valga maakond", "674"}};
constexpr Texts kEstonianCompanyWords[] = {
    "Põhjala", "Saaremaa", "Viru",   "Kalevi",  "Emajõe",  "Läänemere", "Hansa",    "Koidu",  "Tuuliku", "Meretuule",
    "Rannaku", "Männi",    "Kuuse",  "Sinimäe", "Võhandu", "Toompea",   "Kadrioru", "Ugandi", "Sakala",  "Ranna",
    "Paekivi", "Rukki",    "Linna",  "Õnne",    "Päikese", "Kuldne",    "Hõbe",     "Terase", "Kotka",   "Haraka",
    "Pääsu",   "Järve",    "Allika", "Ülase",   "Pihlaka", "Kivisilla", "Raua",     "Vana",   "Uue Aja", "Digi"};
constexpr Texts kEstonianForms[] = {"OÜ", "OÜ", "OÜ", "OÜ", "OÜ", "AS", "TÜ"};
constexpr Activity kEstonianActivities[] = {{"41201", "Elamute ja mitteeluhoonete ehitus", "Ehitus"},
                                            {"62011", "Programmeerimine", "Tarkvara"},
                                            {"47111", "Jaekaubandus spetsialiseerimata kauplustes", "Kaubandus"},
                                            {"56101", "Toitlustus restoranis", "Köök"},
                                            {"49411", "Kaubavedu maanteel", "Transport"},
                                            {"02201", "Metsavarumine", "Mets"},
                                            {"69202", "Raamatupidamine ja maksualane nõustamine", "Arvestus"},
                                            {"71121", "Insenertehniline projekteerimine", "Projekt"},
                                            {"01111", "Teraviljakasvatus", "Talu"},
                                            {"10711", "Leivatootmine ja värske pagaritoodete tootmine", "Leib"},
                                            {"68201", "Kinnisvara üürileandmine", "Kinnisvara"},
                                            {"55101", "Hotellid", "Hotell"},
                                            {"31091", "Mööblitootmine", "Mööbel"},
                                            {"45201", "Mootorsõidukite hooldus ja remont", "Autoteenindus"},
                                            {"74101", "Disainerite tegevus", "Disain"},
                                            {"03111", "Merekalapüük", "Kala"}};

constexpr Texts kFinnishMen[] = {"Juhani", "Matti",  "Timo",  "Kari",   "Mikko",  "Antti",  "Jari",    "Jukka", "Mika",
                                 "Pekka",  "Markku", "Hannu", "Heikki", "Seppo",  "Tuomas", "Janne",   "Sami",  "Petri",
                                 "Ville",  "Lauri",  "Eero",  "Aleksi", "Eetu",   "Onni",   "Eino",    "Väinö", "Oiva",
                                 "Leevi",  "Elias",  "Niilo", "Arttu",  "Joonas", "Kalle",  "Pentti",  "Raimo", "Tapio",
                                 "Veikko", "Yrjö",   "Reijo", "Toni",   "Henrik", "Björn",  "Fredrik", "Olavi"};
constexpr Texts kFinnishWomen[] = {
    "Maria", "Helena", "Anneli", "Johanna", "Kaarina", "Marjatta", "Päivi", "Tuula", "Sari",  "Minna", "Hanna",
    "Anna",  "Laura",  "Heidi",  "Elina",   "Riikka",  "Satu",     "Aino",  "Eevi",  "Aada",  "Venla", "Helmi",
    "Hilla", "Sofia",  "Emma",   "Ella",    "Pirkko",  "Ritva",    "Leena", "Eeva",  "Tiina", "Kirsi", "Merja",
    "Outi",  "Saara",  "Siiri",  "Lilja",   "Inkeri",  "Kyllikki", "Åsa",   "Ulla",  "Tarja", "Tuuli", "Ilona"};
constexpr Texts kFinnishSurnames[] = {
    "Korhonen",    "Virtanen",    "Mäkinen",   "Nieminen",   "Mäkelä",    "Hämäläinen", "Laine",    "Heikkinen",
    "Koskinen",    "Järvinen",    "Lehtonen",  "Lehtinen",   "Saarinen",  "Salminen",   "Heinonen", "Niemi",
    "Heikkilä",    "Kinnunen",    "Salonen",   "Turunen",    "Salo",      "Laitinen",   "Tuominen", "Rantanen",
    "Karjalainen", "Jokinen",     "Mattila",   "Savolainen", "Lahtinen",  "Ahonen",     "Ojala",    "Leppänen",
    "Väisänen",    "Hiltunen",    "Kallio",    "Miettinen",  "Leinonen",  "Pitkänen",   "Aaltonen", "Manninen",
    "Koivisto",    "Hakala",      "Anttila",   "Laaksonen",  "Hirvonen",  "Räsänen",    "Lehto",    "Laakso",
    "Toivonen",    "Mustonen",    "Rantala",   "Aalto",      "Nurmi",     "Peltonen",   "Partanen", "Seppälä",
    "Moilanen",    "Halonen",     "Hänninen",  "Ylönen",     "Öhman",     "Lindqvist",  "Sjöberg",  "Åkerlund",
    "Kettunen",    "Lappalainen", "Kauppinen", "Oksanen",    "Pulkkinen", "Vainio",     "Tikkanen", "Eskola",
    "Uusitalo",    "Nyman",       "Kokkonen",  "Sirola",     "Ikonen",    "Vuorinen",   "Paananen", "Haapala"};
constexpr Texts kFinnishStreets[] = {
    "Mannerheimintie", "Koulukatu",  "Kirkkokatu", "Rantatie",   "Asemakatu",   "Hämeenkatu",     "Puistokatu",
    "Metsätie",        "Koivukuja",  "Satamakatu", "Kauppakatu", "Linnankatu",  "Mäkitie",        "Peltotie",
    "Keskuskatu",      "Pihlajatie", "Kalliotie",  "Järvitie",   "Tehtaankatu", "Yliopistonkatu", "Niittytie",
    "Lehtokuja",       "Kuusitie",   "Merikatu",   "Myllytie",   "Valtakatu",   "Torikatu",       "Hiihtäjäntie"};
constexpr Town kFinnishTowns[] = {{"Helsinki", "Uusimaa", "001"},
                                  {"Helsinki", "Uusimaa", "005"},
                                  {"Helsinki", "Uusimaa", "009"},
                                  {"Espoo", "Uusimaa", "021"},
                                  {"Espoo", "Uusimaa", "026"},
                                  {"Tampere", "Pirkanmaa", "331"},
                                  {"Tampere", "Pirkanmaa", "337"},
                                  {"Vantaa", "Uusimaa", "013"},
                                  {"Oulu", "Pohjois-Pohjanmaa", "901"},
                                  {"Turku", "Varsinais-Suomi", "201"},
                                  {"Jyväskylä", "Keski-Suomi", "401"},
                                  {"Lahti", "Päijät-Häme", "151"},
                                  {"Kuopio", "Pohjois-Savo", "701"},
                                  {"Pori", "Satakunta", "281"},
                                  {"Joensuu", "Pohjois-Karjala", "801"},
                                  {"Lappeenranta", "Etelä-Karjala", "531"},
                                  {"Vaasa", "Pohjanmaa", "651"},
                                  {"Hämeenlinna", "Kanta-Häme", "131"},
                                  {"Seinäjoki", "Etelä-Pohjanmaa", "601"},
                                  {"Rovaniemi", "Lappi", "961"},
                                  {"Mikkeli", "Etelä-Savo", "501"},
                                  {"Kotka", "Kymenlaakso", "481"},
                                  {"Kajaani", "Kainuu", "871"},
                                  {"Maarianhamina", "Ahvenanmaa", "221"}};
constexpr Texts kFinnishCompanyWords[] = {
    "Pohjolan",  "Saimaan", "Lapin",      "Itämeren", "Kalevan", "Karhun",  "Revontulen", "Hämeen",
    "Savon",     "Kainuun", "Päijänteen", "Koski",    "Ranta",   "Kivi",    "Honka",      "Koivu",
    "Havu",      "Tunturi", "Väylä",      "Aurinko",  "Sampo",   "Ilmarin", "Väinölän",   "Meri",
    "Saariston", "Tuulen",  "Joutsen",    "Haukka",   "Hopea",   "Teräs",   "Uusi",       "Vanha",
    "Kuura",     "Sisu",    "Taito",      "Jalo",     "Kippari", "Louhi",   "Kaarnan",    "Digi"};
constexpr Texts kFinnishForms[] = {"Oy", "Oy", "Oy", "Oy", "Oy", "Oyj", "Ky"};
constexpr Activity kFinnishActivities[] = {{"41200", "Asuin- ja muiden rakennusten rakentaminen", "Rakennus"},
                                           {"62010", "Ohjelmistojen suunnittelu ja valmistus", "Ohjelmisto"},
                                           {"47112", "Päivittäistavaroiden vähittäiskauppa", "Kauppa"},
                                           {"56101", "Ravintolat", "Keittiö"},
                                           {"49410", "Tieliikenteen tavarankuljetus", "Kuljetus"},
                                           {"02200", "Puunkorjuu", "Metsä"},
                                           {"69201", "Kirjanpito- ja tilinpäätöspalvelu", "Tili"},
                                           {"71121", "Maa- ja vesirakentamisen suunnittelu", "Suunnittelu"},
                                           {"01110", "Viljakasvien viljely", "Maatila"},
                                           {"10710", "Leivän valmistus", "Leipomo"},
                                           {"68202", "Asuntojen vuokraus", "Kiinteistö"},
                                           {"55101", "Hotellit", "Hotelli"},
                                           {"31090", "Huonekalujen valmistus", "Kaluste"},
                                           {"45201", "Moottoriajoneuvojen huolto ja korjaus", "Autohuolto"},
                                           {"74101", "Graafinen muotoilu", "Muotoilu"},
                                           {"03110", "Merikalastus", "Kala"}};

const Words kEstonian{kEstonianMen,     kEstonianWomen,        kEstonianSurnames,
                      kEstonianStreets, kEstonianCompanyWords, kEstonianForms,
                      kEstonianTowns,   kEstonianActivities,   2};
const Words kFinnish{kFinnishMen,     kFinnishWomen,        kFinnishSurnames,
                     kFinnishStreets, kFinnishCompanyWords, kFinnishForms,
                     kFinnishTowns,   kFinnishActivities,   1};

// U+00C0 to U+00FF without their accents; 0 for what has no letter. Both cases.
constexpr std::string_view kPlain = "aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty"sv;

}  // namespace

const Words& words(Country country) { return country == Country::estonia ? kEstonian : kFinnish; }

std::string search_key(std::string_view text) {
  std::string key;
  key.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')) key += static_cast<char>(byte);
      if (byte >= 'A' && byte <= 'Z') key += static_cast<char>(byte + ('a' - 'A'));
      continue;
    }
    const unsigned char next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (byte == 0xC3 && next >= 0x80 && next <= 0xBF) {
      const char plain = kPlain[next - 0x80U];
      if (plain != 0) key += plain;
      ++i;
    } else if (byte == 0xC5 && (next == 0xA0 || next == 0xA1)) {  // Š
      key += 's';
      ++i;
    } else if (byte == 0xC5 && (next == 0xBD || next == 0xBE)) {  // Ž
      key += 'z';
      ++i;
    }
  }
  return key;
}

}  // namespace causeway::ecosystem
