// SPDX-License-Identifier: MIT
#include "globalconf/instance_image.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/image_file.hpp"
#include "globalconf/image_writer.hpp"
#include "globalconf/instance.hpp"
#include "support/temporary_directory.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::uint32_t kMembers = 100'000, kServers = 5'000;

// As many as a large country has.
const SharedParameters& country() {
  static const SharedParameters shared = [] {
    SharedParameters made;
    made.instance = "BIG";
    made.sources = {{"cs", {}, {}}};
    for (std::uint32_t i = 0; i < kMembers; ++i)
      made.members.push_back({{"COM", "c"}, std::to_string(i), "Member", {{"a", {}}, {"b", "named"}, {"c", ""}}});
    for (std::uint32_t i = 0; i < kServers; ++i) {
      SecurityServer server;
      server.owner = i;
      server.code = "SS";
      server.address = "10.0.0.1";
      server.authentication_certificate_hashes = {to_bytes("hash of " + std::to_string(i))};
      for (std::uint32_t m = i; m < kMembers; m += kServers)
        for (std::uint32_t s = 0; s < 3; ++s) server.clients.push_back({m, s});
      made.servers.push_back(std::move(server));
    }
    GlobalGroup group{"all", "", {}};
    for (std::uint32_t i = 0; i < kMembers; ++i) group.members.push_back(made.id_of(ClientRef{i, i % 3}));
    group.members.push_back(client_id("OTHER/COM/1/a"));
    made.global_groups = {group, {"none", "", {}}};
    return made;
  }();
  return shared;
}

TEST(BigInstance, AnswersForAllOfItsMembers) {
  const std::string xml = write_shared_parameters(country(), 2);
  auto read = read_shared_parameters(xml, 2);
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(read->members.size(), kMembers);
  auto instance = Instance::make(*read, 2);
  ASSERT_TRUE(instance);
  for (std::uint32_t i = 0; i < kMembers; i += 997) {
    const std::string member = "BIG/COM/" + std::to_string(i);
    const auto found = (*instance)->servers_of(client_id(member + "/b"));
    ASSERT_EQ(found.size(), 1U) << i;
    EXPECT_EQ(found[0]->id.owner().member_code(), std::to_string(i % kServers));
    EXPECT_TRUE((*instance)->serves(*found[0], client_id(member + "/c")));
    EXPECT_FALSE((*instance)->serves(*found[0], client_id("BIG/COM/" + std::to_string(i + 1) + "/c")));
    EXPECT_TRUE((*instance)->has_client(client_id(member)));
    EXPECT_FALSE((*instance)->has_client(client_id(member + "/d")));
    for (std::uint32_t s = 0; s < 3; ++s)
      EXPECT_EQ((*instance)->in_global_group("all", country().id_of(ClientRef{i, s})), s == i % 3) << i << " " << s;
  }
  EXPECT_TRUE((*instance)->servers_of(client_id("BIG/COM/100000/b")).empty());
  EXPECT_TRUE((*instance)->in_global_group("all", client_id("OTHER/COM/1/a")));
  EXPECT_FALSE((*instance)->in_global_group("all", client_id("OTHER/COM/2/c")));
  EXPECT_FALSE((*instance)->in_global_group("none", client_id("BIG/COM/1/b")));
}

TEST(BigInstance, ListsAllOfThem) {
  const auto instance = *Instance::make(country(), 6);
  const auto members = instance->members();
  ASSERT_EQ(members.size(), kMembers * 4U);
  EXPECT_EQ(members[4 * 77].id, client_id("BIG/COM/77"));
  EXPECT_EQ(members[4 * 77 + 1].subsystem_name, std::nullopt);
  EXPECT_EQ(members[4 * 77 + 2].subsystem_name, "named");
  EXPECT_EQ(members[4 * 77 + 3].subsystem_name, "") << "an empty name is a name";
  ASSERT_EQ(instance->servers().size(), kServers);
  EXPECT_EQ(instance->authentication_hashes(4999), std::vector<std::string_view>{"hash of 4999"});
}

TEST(Image, ADamagedOneIsRefused) {
  SharedParameters shared;
  shared.instance = "DEV";
  shared.members.push_back({{"COM", "c"}, "1", "Member", {}});
  ImageWriter writer;
  tell(shared, writer);
  const std::string block = writer.finish(shared, 6);
  EXPECT_TRUE(InstanceImage::of(block));
  EXPECT_FALSE(InstanceImage::of(""));
  EXPECT_FALSE(InstanceImage::of(block.substr(0, block.size() - 1)));
  std::string changed = block;
  changed[0] = 'X';
  EXPECT_FALSE(InstanceImage::of(changed));
}

class ImageFiles : public ::testing::Test {
 protected:
  ImageFiles() {
    shared.instance = "DEV";
    shared.sources = {{"cs", {}, {}}};
    shared.members.push_back({{"COM", "c"}, "1", "Member", {}});
    write(shared);
    // An image of somebody else, to tell it from the document's.
    SharedParameters other = shared;
    other.members[0].code = "2";
    ImageWriter writer;
    tell(other, writer);
    EXPECT_TRUE(save_image(writer.finish(other, 6), document, document));
  }
  void write(const SharedParameters& parameters) {
    EXPECT_TRUE(write_file_atomically(document, write_shared_parameters(parameters, 6)));
  }
  bool from_image(int version = 6) {
    auto image = load_image(document, 1 << 20, version);
    EXPECT_TRUE(image);
    return image && image->find_client(client_id("DEV/COM/2")) != kNoIndex;
  }

  testing::TemporaryDirectory folder;
  const std::filesystem::path document = folder.path() / "shared-params.xml";
  SharedParameters shared;
};

TEST_F(ImageFiles, StandForTheDocumentTheyWereMadeFrom) {
  EXPECT_TRUE(from_image());
  EXPECT_FALSE(from_image(5)) << "another version is another schema";
  std::filesystem::remove(image_file(document));
  EXPECT_FALSE(from_image());
}

TEST_F(ImageFiles, AnotherDocumentIsReadInstead) {
  write(shared);
  EXPECT_FALSE(from_image());
}

TEST_F(ImageFiles, StayWithADocumentThatIsRenamed) {
  const auto draft = folder.path() / "draft";
  std::filesystem::rename(document, draft);
  std::filesystem::rename(draft, document);
  EXPECT_TRUE(from_image());
}

TEST_F(ImageFiles, ADamagedOneIsPassedOver) {
  const std::string block = *read_file(image_file(document));
  for (const std::size_t place : {std::size_t{0}, block.size() / 2, block.size() - 1}) {
    std::string changed = block;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    ASSERT_TRUE(write_file_atomically(image_file(document), changed));
    EXPECT_FALSE(from_image()) << place;
  }
  ASSERT_TRUE(write_file_atomically(image_file(document), block.substr(0, block.size() - 1)));
  EXPECT_FALSE(from_image());
  ASSERT_TRUE(write_file_atomically(image_file(document), ""));
  EXPECT_FALSE(from_image());
  ASSERT_TRUE(write_file_atomically(image_file(document), block));
  EXPECT_TRUE(from_image());
}

}  // namespace
}  // namespace causeway::globalconf
