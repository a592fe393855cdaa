// SPDX-License-Identifier: MIT
// The members, servers and groups of one instance as one block of octets: rows of numbers
// that point at each other and at texts. It is made once from the XML, and read where it
// lies, in memory or in a file that several processes map.
//
// Numbers are those of this machine. Clients count through in the order of the document: a
// member, its subsystems, the next member. Texts are named by where they begin; 0 is the
// empty one. Another program or version makes another kFormat, and reads the XML again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace causeway::globalconf::image {

inline constexpr std::array<char, 8> kMagic{'C', 'W', 'I', 'M', 'A', 'G', 'E', '2'};

// Stands for a text that is there and empty, where 0 says that there is none.
inline constexpr std::uint32_t kPresentButEmpty = 1;

struct MemberRow {
  std::uint32_t member_class, code, name;  // texts
  std::uint32_t first_client;              // the member itself; its subsystems follow
};

struct ClientRow {
  std::uint32_t member;
  std::uint32_t code;  // of the subsystem; 0: the member itself
  std::uint32_t name;  // of the subsystem; 0: none
};

// All servers are looked at when an image is opened: their texts, those of the owners among
// them, stand together, so that the pages of others stay untouched.
struct ServerRow {
  std::uint32_t member_class, owner, code, address;
  std::uint32_t maintenance;     // text; 0: it is in service
  std::uint32_t first_hash = 0;  // of its authentication certificates, up to those of the next server
};

struct GroupRow {
  std::uint32_t code;
  std::uint32_t first_member, members;  // rows of GroupMemberRow
  std::uint32_t first_slot, slots;      // of the index over them
};

struct GroupMemberRow {
  std::uint32_t instance, member_class, code, subsystem;  // texts
};

enum class Section : std::uint8_t {
  text,            // each with its length in front, seven bits an octet, the lowest first
  members,         // MemberRow
  clients,         // ClientRow
  client_index,    // slots (index_table.hpp), by hash_of()
  client_servers,  // for each client, and one more: where its servers begin in server_list
  server_list,     // servers
  servers,         // ServerRow
  hashes,          // texts
  groups,          // GroupRow
  group_members,   // GroupMemberRow
  group_index,     // slots of all groups
  count
};
inline constexpr auto kSections = static_cast<std::size_t>(Section::count);

struct Header {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = 0;   // of the shared parameters
  std::uint32_t settings = 0;  // text: shared parameters without members, as XML
  // The file that it was made from: zeros when it was none.
  std::uint64_t inode = 0, size = 0;
  std::int64_t modified_ns = 0;
  std::array<std::uint8_t, 32> digest{};  // SHA-256 of all behind the header
  struct Extent {
    std::uint64_t begin = 0, octets = 0;
  };
  std::array<Extent, kSections> sections{};
};

// FNV-1a, so that it is the same wherever an image is read.
class Hash {
 public:
  Hash& add(std::string_view part) {
    for (const char c : part) mix(static_cast<unsigned char>(c));
    mix(0x1ff);  // no octet: ("a", "bc") is not ("ab", "c")
    return *this;
  }
  std::size_t value() const { return value_; }

 private:
  void mix(std::uint64_t octet) { value_ = (value_ ^ octet) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

inline std::size_t hash_of(std::string_view member_class, std::string_view code, std::string_view subsystem) {
  return Hash().add(member_class).add(code).add(subsystem).value();
}

}  // namespace causeway::globalconf::image
