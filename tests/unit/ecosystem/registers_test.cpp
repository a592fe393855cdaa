// SPDX-License-Identifier: MIT
#include "ecosystem/registers/registers.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "ecosystem/registers/generator.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::ecosystem {
namespace {

constexpr RegisterSizes kSmall{2000, 200};

class RegistersTest : public ::testing::TestWithParam<Country> {
 protected:
  void SetUp() override { open(); }
  void open() {
    auto opened = open_registers(directory_.path().string(), GetParam(), kSmall);
    ASSERT_TRUE(opened) << opened.error().text;
    registers_ = std::make_unique<Registers>(*std::move(opened));
  }
  Person someone() { return Generator(GetParam()).person(); }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<Registers> registers_;
};

TEST_P(RegistersTest, HoldTheSamePeopleEveryTime) {
  const Person first = someone();
  const auto found = registers_->population->find(first.code);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->surname, first.surname);
  EXPECT_EQ((*found)->address, first.address);
  EXPECT_TRUE(is_personal_code(GetParam(), first.code));
}

TEST_P(RegistersTest, FindPeopleByNameInPagesThatDoNotOverlap) {
  const auto all = registers_->population->search("", "", 0, 1);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->total, kSmall.people);

  const std::string surname = someone().surname;
  std::set<std::string> codes;
  std::size_t total = 0;
  for (std::size_t offset = 0; offset == 0 || offset < total; offset += 7) {
    const auto page = registers_->population->search(surname, "", offset, 7);
    ASSERT_TRUE(page);
    total = page->total;
    for (const Person& person : page->items) codes.insert(person.code);
  }
  EXPECT_GT(total, 0U);
  EXPECT_EQ(codes.size(), total);
}

TEST_P(RegistersTest, KeepAChangedAddressOverARestart) {
  const Person person = someone();
  const Address moved{"Uus 1", "10111", "Tallinn", "Harju maakond"};
  const auto changed = registers_->population->change_address(person.code, moved, "2026-01-15");
  ASSERT_TRUE(changed && *changed);
  EXPECT_EQ((*changed)->address, moved);
  registers_.reset();
  open();
  const auto found = registers_->population->find(person.code);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->address, moved);
  EXPECT_EQ((*found)->address_since, "2026-01-15");
}

TEST_P(RegistersTest, ChangeNothingForAnUnknownPerson) {
  const auto changed = registers_->population->change_address("x' OR '1'='1", {"a", "b", "c", "d"}, "2026-01-15");
  ASSERT_TRUE(changed);
  EXPECT_FALSE(*changed);
}

TEST_P(RegistersTest, EveryCompanyHasABoardOfRegisteredPeople) {
  const auto page = registers_->business->search("", 0, 1000);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->total, kSmall.companies);
  std::set<std::string> names;
  for (const Company& company : page->items) {
    EXPECT_TRUE(is_registry_code(GetParam(), company.code)) << company.code;
    names.insert(company.name);
    const auto board = registers_->business->board(company.code);
    ASSERT_TRUE(board && *board);
    ASSERT_FALSE((*board)->empty());
    EXPECT_EQ((*board)->front().role, "chair");
    const auto person = registers_->population->find((*board)->front().person_code);
    ASSERT_TRUE(person && *person);
  }
  EXPECT_EQ(names.size(), kSmall.companies);
}

TEST_P(RegistersTest, AppointAMemberOnce) {
  const auto page = registers_->business->search("", 0, 1);
  ASSERT_TRUE(page);
  const std::string code = page->items.front().code;
  const BoardMember member{"new", "Aino", "Uus", "member", "2026-01-15"};
  using Appointment = BusinessRegister::Appointment;
  EXPECT_EQ(*registers_->business->appoint(code, member), Appointment::done);
  EXPECT_EQ(*registers_->business->appoint(code, member), Appointment::already_on_board);
  EXPECT_EQ(*registers_->business->appoint("0", member), Appointment::no_such_company);
  const auto places = registers_->business->places_of("new");
  ASSERT_TRUE(places);
  ASSERT_EQ(places->size(), 1U);
  EXPECT_EQ(places->front().company_code, code);
}

TEST_P(RegistersTest, AreMadeAnewAfterAnInterruptedGeneration) {
  registers_.reset();
  std::filesystem::remove(directory_ / "business.sqlite");
  open();
  EXPECT_EQ(registers_->population->search("", "", 0, 1)->total, kSmall.people);
  EXPECT_EQ(*registers_->business->size(), kSmall.companies);
}

INSTANTIATE_TEST_SUITE_P(Countries, RegistersTest, ::testing::Values(Country::estonia, Country::finland),
                         [](const auto& info) { return std::string(country_code(info.param)); });

}  // namespace
}  // namespace causeway::ecosystem
