// SPDX-License-Identifier: MIT
#include "globalconf/plain_xml_cursor.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/xml_cursor.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::string_view kRoot = "urn:a conf";

struct Answer {
  std::string id, name;
  std::optional<std::string> note;
  std::vector<std::int64_t> counts;
  bool good = false;
  bool operator==(const Answer&) const = default;
};

bool finished(PlainXmlCursor& xml) { return xml.finish(); }
bool finished(XmlCursor& xml) { return xml.finish().ok(); }

template <class Cursor>
Answer ask(std::string_view document) {
  Cursor xml(document);
  Answer answer;
  xml.enter(kRoot);
  answer.id = xml.attribute("id").value_or("none");
  answer.name = xml.text("name");
  if (const auto note = xml.text_if("urn:b note")) answer.note.emplace(*note);
  while (xml.enter_if("count")) {
    answer.counts.push_back(xml.integer("value"));
    xml.leave();
  }
  xml.leave();
  answer.good = finished(xml);
  return answer;
}

std::string document(std::string_view content, std::string_view attributes = " id=\"7\"") {
  return R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<x:conf xmlns:x="urn:a" xmlns:y="urn:b" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")" +
         std::string(attributes) + ">\n" + std::string(content) + "\n</x:conf>\n";
}

// What both read to the same.
TEST(PlainXml, IsReadToTheSameAsByTheGeneralReader) {
  const std::string cases[] = {
      document("<name>a</name>"),
      document("<name>a &amp; b &lt;&gt; &quot;c&apos;</name>"),
      document("<name>\xC3\x96ko</name><y:note/>"),
      document("<name/>"),
      document("<name  > spaced </name >\t<y:note></y:note><count><value> +12 </value></count>"),
      document("<name xsi:type='t'>a]]b</name>", " xsi:nil='true'"),
      document("<name>a</name><count><value>1</value></count>\n\t <count><value>2</value></count>"),
      "<y:conf xmlns:y='urn:a' xmlns:z='urn:b' id='a>b'><name>a</name><z:note>n</z:note></y:conf>",
  };
  for (const std::string& text : cases) {
    const Answer plain = ask<PlainXmlCursor>(text);
    EXPECT_TRUE(plain.good) << text;
    EXPECT_EQ(plain, ask<XmlCursor>(text)) << text;
  }
}

TEST(PlainXml, GivesUpOnWhatIsUnusual) {
  const std::string cases[] = {
      "",
      "<",
      "<x:conf",
      document("<!-- --><name>a</name>"),
      document("<name><![CDATA[a]]></name>"),
      document("<name>a</name><?pi?>"),
      document("<name>&#65;</name>"),
      document("<name>&other;</name>"),
      document("<name>a\r\n</name>"),
      document("<name>a]]>b</name>"),
      document("<name>\x01</name>"),
      document("<name>\xC3</name>"),
      document("<name>\xEF\xBF\xBF</name>"),
      document("<name xmlns:z='urn:z'>a</name>"),
      document("<name other='1'>a</name>"),
      document("<name>a<b/></name>"),
      document("<name>a</name>text"),
      document("<name>a</nam>"),
      document("<name>a</name><unknown/>"),
      document("<name>a</name><z:note>n</z:note>"),
      document("<name>a</name><count><value>one</value></count>"),
      document("<name>a</name>", " id='1' id='2'"),
      document("<name>a</name>", " id='a\tb'"),
      document("<name>a</name>", " id='a<b'"),
      document("<name>a</name>", " id='a&amp;b'"),
      document("<name>a</name>", " id=1"),
      document("<name>a</name>", " id='1'other='2'"),
      document("<name>a</name>") + "<again/>",
      "\xEF\xBB\xBF" + document("<name>a</name>"),
      "<!DOCTYPE conf><x:conf xmlns:x='urn:a'><name>a</name></x:conf>",
      "<?xml version='1.1'?><x:conf xmlns:x='urn:a'><name>a</name></x:conf>",
      "<x:conf xmlns:x='urn:other'><name>a</name></x:conf>",
      "<x:conf><name>a</name></x:conf>",
      "<conf xmlns='urn:a'><name>a</name></conf>",
      "<x:conf xmlns:x='urn:a'><name>a</name>",
  };
  for (const std::string& text : cases) EXPECT_FALSE(ask<PlainXmlCursor>(text).good) << text;
}

struct Collector final : SharedParametersSink {
  SharedParameters all;
  void restart() override { all = {}; }
  void member(const Member& member) override { all.members.push_back(member); }
  void subsystem(const Subsystem& subsystem) override { all.members.back().subsystems.push_back(subsystem); }
  void server(const SecurityServer& server) override { all.servers.push_back(server); }
  void group(const GlobalGroup& group) override { all.global_groups.push_back(group); }
  void group_member(const ClientId& member) override { all.global_groups.back().members.push_back(member); }
};

SharedParameters many_members(std::size_t count) {
  SharedParameters shared;
  shared.instance = "BIG";
  shared.sources = {{"cs", {}, {}}};
  for (std::size_t i = 0; i < count; ++i)
    shared.members.push_back({{"COM", "c"},
                              std::to_string(i),
                              std::string(i % 50, 'x') + " & \xC3\x96",
                              {{"a" + std::to_string(i), "name"}, {"b", {}}, {"c", ""}}});
  SecurityServer server;
  server.code = "SS";
  for (std::uint32_t i = 0; i < count; ++i) server.clients.push_back({i, i % 3});
  shared.servers = {server};
  return shared;
}

// Far longer than a window; a comment sends the same document to the general reader.
TEST(PlainXml, AFileIsReadToTheSameAsItsText) {
  const std::string xml = write_shared_parameters(many_members(5'000), 6);
  ASSERT_GT(xml.size(), std::size_t{1} << 20);
  const testing::TemporaryDirectory folder;
  const auto file = folder.path() / "shared-params.xml";
  for (const std::string& text : {xml, xml + "<!-- -->"}) {
    ASSERT_TRUE(write_file_atomically(file, text));
    Collector collector;
    auto settings = read_shared_parameters_file(file, 1UL << 30, 6, collector);
    ASSERT_TRUE(settings) << settings.error().text;
    static_cast<InstanceSettings&>(collector.all) = *settings;
    EXPECT_TRUE(write_shared_parameters(collector.all, 6) == xml);
    auto read = read_shared_parameters(text, 6);
    ASSERT_TRUE(read);
    EXPECT_TRUE(write_shared_parameters(*read, 6) == xml);
    EXPECT_FALSE(read_shared_parameters_file(file, text.size() - 1, 6, collector)) << "beyond the limit";
  }
  Collector nobody;
  EXPECT_FALSE(read_shared_parameters_file(folder.path() / "none", 1000, 6, nobody));
}

}  // namespace
}  // namespace causeway::globalconf
