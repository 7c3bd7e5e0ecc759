//! The general categories of Unicode 14, as runs of code points.
#include "pattern_tree.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace persona::llm {
namespace {

struct CategoryName {
  std::string_view short_name, long_name;
};

//! In the order of `category_letters`.
constexpr std::array<CategoryName, 30> categories = {{{"Cc", "Control"},
                                                      {"Cf", "Format"},
                                                      {"Cn", "Unassigned"},
                                                      {"Co", "Private_Use"},
                                                      {"Cs", "Surrogate"},
                                                      {"Ll", "Lowercase_Letter"},
                                                      {"Lm", "Modifier_Letter"},
                                                      {"Lo", "Other_Letter"},
                                                      {"Lt", "Titlecase_Letter"},
                                                      {"Lu", "Uppercase_Letter"},
                                                      {"Mc", "Spacing_Mark"},
                                                      {"Me", "Enclosing_Mark"},
                                                      {"Mn", "Nonspacing_Mark"},
                                                      {"Nd", "Decimal_Number"},
                                                      {"Nl", "Letter_Number"},
                                                      {"No", "Other_Number"},
                                                      {"Pc", "Connector_Punctuation"},
                                                      {"Pd", "Dash_Punctuation"},
                                                      {"Pe", "Close_Punctuation"},
                                                      {"Pf", "Final_Punctuation"},
                                                      {"Pi", "Initial_Punctuation"},
                                                      {"Po", "Other_Punctuation"},
                                                      {"Ps", "Open_Punctuation"},
                                                      {"Sc", "Currency_Symbol"},
                                                      {"Sk", "Modifier_Symbol"},
                                                      {"Sm", "Math_Symbol"},
                                                      {"So", "Other_Symbol"},
                                                      {"Zl", "Line_Separator"},
                                                      {"Zp", "Paragraph_Separator"},
                                                      {"Zs", "Space_Separator"}}};
constexpr std::string_view category_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%";

constexpr std::array<CategoryName, 7> category_groups = {{{"C", "Other"},
                                                          {"L", "Letter"},
                                                          {"M", "Mark"},
                                                          {"N", "Number"},
                                                          {"P", "Punctuation"},
                                                          {"S", "Symbol"},
                                                          {"Z", "Separator"}}};

//! For each run its category's letter, and its length in hex where it is not 1. Made by Python's unicodedata.
constexpr std::string_view category_runs =
    "A20%V3XV3WSVZVRV2NaV2Z3V2J1aWVSYQYF1aWZSZA21%VX4!VY!HUZB!Y!ZP2YFV2YPHTP3VJ17ZJ7F18ZF8JFJFJFJFJFJFJFJFJFJFJFJFJFJ"
    "FJFJFJFJFJFJFJFJFJFJFJFJFJFJF2JFJFJFJFJFJFJFJF2JFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJ2FJFJF3J2FJFJ2FJ3"
    "F2J4FJ2FJ3F3J2FJ2FJFJFJ2FJF2JFJ2FJ3FJFJ2F2HJF3H4JIFJIFJIFJFJFJFJFJFJFJFJF2JFJFJFJFJFJFJFJFJF2JIFJFJ3FJFJFJFJFJFJ"
    "FJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJF7J2FJ2F2JFJ4FJFJFJFJF45HF1bG12Y4GcYeG5Y7GYGY11M70JFJFGYJFC2GF3VJ"
    "C4Y2JVJ3CJCJ2FJ11CJ9F23JF2J3F3JFJFJFJFJFJFJFJFJFJFJFJF5JFZJFJ2F2J33F30JFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJF!M5L2JFJ"
    "FJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJ2FJFJFJFJFJFJF2JFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJ"
    "FJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFCJ26C2GV6F29VRC2!2XCM2dRMVM2VM2VMC8H1bC4H4V2CbB6Z3V2XV2!2MbVB"
    "V3H20GHaM15NaV4H2MH63VHM7B!M6G2M2!M4H2NaH3!2HVeCBHMH1eM1bC2H59MbHCeNaH21M9G2!V3GC2MX2H16M4GM9GM3GM5C2VfCH19M3C2V"
    "CHbC5H18YH6CB2C6M8H29GM18BM20KH36MKMHK3M8K4MK2HM7HaM2V2NaVGHfMK2CH8C2H2C2H16CH7CHC3H4C2MHK3M4C2K2C2K2MHC8KC4H2C"
    "H3M2C2NaH2X2P6!XHVMC2M2KCH6C4H2C2H16CH7CH2CH2CH2C2MCK3M2C4M2C2M3C3MC7H4CHC7NaM2H3MVCaM2KCH9CH3CH16CH7CH2CH5C2MH"
    "K3M5CM2KCK2MC2HCfH2M2C2NaVXC7HM6CMK2CH8C2H2C2H16CH7CH2CH5C2MHKMKM4C2K2C2K2MC7M2KC4H2CH3M2C2Na!HP6CaMHCH6C3H3CH4"
    "C3H2CHCH2C3H2C3H3C3HcC4K2MK2C3K3CK3MC2HC6KCeNaP3!6X!C5MK3MH8CH3CH17CH10C2MHM3K4CM3CM4C7M2CH3C2HC2H2M2C2NaC7VP7!H"
    "MK2VH8CH3CH17CHaCH5C2MHKMK5CMK2CK2M2C7K2C6H2CH2M2C2NaCH2CdM2K2H9CH3CH29M2HK3M4CK3CK3MH!C4H3KP7H3M2C2NaP9!H6CMK2C"
    "H12C3H18CH9CHC2H7C3MC4K3M3CMCK8C6NaC2K2VCcH30MH2M7C4XH6GM8VNaV2C25H2CHCH5CH18CHCHaMH2M9HC2H5CGCM6C2NaC2H4C20H!3"
    "Vf!V!3M2!6NaPa!M!M!MWSWSK2H8CH24C4MeKM5VM2H5MbCM24C!8M!6C!2V5!4V2C25H2bK2M4KM6KM2K2M2HNaV6H6K2M2H4M3HK3H2K7H3M4"
    "HdMK2M2K6MHKNaK3M!2J26CJC5JC2F2bVGF3H149CH4C2H7CHCH4C2H29CH4C2H21CH4C2H7CHCH4C2HfCH39CH4C2H43C2M3V9P14C3H10!aC6"
    "J56C2F6C2RH26c!VH11%H1aWSC3H4bV3O3H8C7H12M3KC9H13M2KV2C9H12M2CcHdCH3CM2CcH34M2KM7K8MK2MbV3GV3XHMC2NaC6PaC6V6RV4"
    "M3BMNaC6H23GH35C7H5M2H22MHC5H46CaH1fCM3K4M2K3C4K2MK6M3C4!C3V2NaH1eC2H5CbH2cC4H1aC6NaPC3!22H17M2K2MC2V2H35KMKM7CM"
    "KMK2M8K6MaC2MNaC6NaC6V7GV6C2MeLM10C31M4KH2fMKM5KMK5MK2H8C3NaV7!aM9!9V2CM2KH1eKM4K2M2KM3H2NaH2cMKM2K3MKM3K2C8V4"
    "H24K8M8K2M2C3V5NaC3H3NaH1eG6V2F9C7J2bC2J3V8C8M3VMdKM7H4MH6MH2KM2HC5F2cG3fFdGF22G25M40JFJFJFJFJFJFJFJFJFJFJFJFJFJ"
    "FJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJ"
    "FJFJFJFJFJF9JFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJF9"
    "J8F6C2J6C2F8J8F8J8F6C2J6C2F8CJCJCJCJF8J8FeC2F8I8F8I8F8I8F5CF2J4IYFY3F3CF2J4IY3F4C2F2J4CY3F8J5Y3C2F3CF2J4IY2C%bB5"
    "R6V2UTWU2TWUV8#$B5%V9UTV4Q2V3ZWSVbZVQVa%B5CBaPGC2P6Z3WSGPaZ3WSCGdC3X21CfMdL4ML3McCf!2J!4J!2FJ3F2J3F!J!2ZJ5!6J!J!"
    "J!J4!FJ4FH4F!2F2J2Z5JF4!Z!2F!P10O23JFO4P!2C4Z5!5Z2!4Z!2Z!2Z!7Z!1fZ2!2Z!Z!1fZ10c!8WSWS!14Z2!7WS!51Z!1eZ19!28Z6!45"
    "C19!bC15P3c!4eP16!b7Z!9Z!36Z8!6fZ!f8WSWSWSWSWSWSWSP1e!2cZ5WSZ1fWSWSWSWSWSZ10!100Z83WSWSWSWSWSWSWSWSWSWSWSZ3fWSWS"
    "Z20WSZ102!30Z15!2Z6!27C2!20C!69J30F30JFJ3F2JFJFJFJ4FJF2JF6G2J3FJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJ"
    "FJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJF2!6JFJFM3JFC5V4PV2F26CFC5FC2H38C7GVCeMH17C9H7CH7CH7CH7CH7CH7CH7"
    "CH7CM20V2UTUTV3UTVUTV9RV2RVUTV2UTWSWSWSWSV5GVaR2V4RVWVd!2V3WSWSWSWSRC22!1aC!59Cc!d6C1a!cC4%V3!GHOWSWSWSWSWS!2WSW"
    "SWSWSRWS2!O9M4K2RG5!2O3GHV!2CH56C2M2Y2G2HRH5aVG3HC5H2bCH5eC!2P4!aH20!24CcH10!1fCPa!1eP8!Pf!20Pa!27Pf!140H19c0!40"
    "H5215GH477C3!37C9H28G6V2H10cGV3H10NaH2C14JFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFHML3VMaVGJFJFJFJFJFJFJFJF"
    "JFJFJFJFJFJFG2M2H46OaM2V6C8Y17G9Y2JFJFJFJFJFJFJF3JFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFJFG"
    "F8JFJFJ2FJFJFJFJFGY2JFJFHJFJF3JFJFJFJFJFJFJFJFJFJFJ5FJ5FJFJFJFJFJFJFJFJ4FJFC5JFCFCFJFJFC18G3JFHG2FH7MH3MH4MH17K2"
    "M2K!4MC3P6!2X!C6H34V4C8K2H32K10M2C8V2NaC6M12H6V3HVH2MNaH1cM8V2H17MbK2CbVH1dC3M3KH2fMK2M4K2M2K3VdCGNaC4V2H5MGH9Na"
    "H5CH29M6K2M2K2M2C9H3MH8MKC2NaC2V4H10GH6!3HKMKH32MHM3H2M2H5M2HMHC18H2GV2HbKM2K2V2HG2KMCaH6C2H6C2H6C9H7CH7CF2bYG4"
    "F9GY2C4F50H23K2MK2MK2VKMC2NaC6H2ba4CcH17C4H31C4E800D1900H16eC2H6aC26F7CcF5C5HMHaZHdCH5CHCH2CH2CH6cY11C10H16bSW"
    "!10H40C2H36C7!C20HcX!3M10V7WSVC6M10VR2Q2WSWSWSWSWSWSWSWSV2WSV4Q3V3CV4RWSWSWSV3ZRZ3CVXV2C4H5CH87C2BCV3XV3WSVZVRV2"
    "NaV2Z3V2J1aWVSYQYF1aWZSZWSVWSV2HaGH2dG2H1fC3H6C2H6C2H6C2H3C3X2ZY!X2C!Z4!2CaB3!2C2HcCH1aCH13CH2CHfC2HeC22H7bC5V3"
    "C4P2dC3!9O35P4!11P2!3C!dC3!C2f!2dMC82H1dC3H31CfMP1bC4H20P4C9H14OH8OC5H26M5C5H1eCVH24C4H8VO5C2aJ28F28H4eC2NaC6J24"
    "C4F24C4H28C8H34CbVJbCJfCJ7CJ2CFbCFfCF7CF2C43H137C9H16CaH8C18G6CG2aCG9C45H6C2HCH2cCH2C3HC2H17CVP8H17!2P7H1fC8P9"
    "C30H13CH2C5P5H16P6C3VH1aC5VC40H38C4P2H2P10C2P2eHM3CM2C5M4H4CH3CH1dC2M3C4MP9C7V9C7H1dP2VH1dP3C20H8!H1cM2C4P5V7C9"
    "H36C3V7H16C2P8H13C5P8H12C7V4CcP7C50H49C37J33CdF33C7P6H24M4C8NaC126P1fCH2aCM2RC2H2C4eH1dPaHC8H16MbP4V5C16H12M4V4"
    "C26H15P7C14H17C9KMKH35MfV7C4P14NaMH2M2HC9M3KH2dK3M4K2M2V2BV4MCaBC2H19C7NaC6M3H24M5KM8CNaV4HK2HC8H23MV2HC9M2KH30"
    "K3M9K2H4V4M4VKMNaHVHV3CP14CbH12CH19K3M3K2MKM2V6MC41H7CHCH4CHfCHaVC6H2fMK3M8C5NaC6M2K2CH8C2H2C2H16CH7CH2CH5CM2HK2"
    "MK4C2K2C2K3C2HC6KC5H5K2C2M7C3M5C8bH35K3M8K2M3KMH4V5NaV2CVMH3C1eH30K3M6KMK4M2KM2H2VHC8NaCa6H2fK3M4C2K4M2KM2V17H4"
    "M2C22H30K3M8K2MKM2V3HCbNaC6VdC13H2bMKMK2M6KMHVC6NaC36H1bC2M3K2M4KM5C4NaP2V3!H7Cb9H2cK3M9KM2VC64J20F20NaP9CcH8C2H"
    "C2H8CH2CH18K6CK2C2M2KMHKHKMV3C9NaC46H8C2H27K3M4C2M2K4MHVHKC1bHMaH28M6KHM4V8MC8HM6K2M3H2eMdKM2V3HV5CdH49C107H9C"
    "H25KM7CM6KMHV5CaNaP13C3V2H1eC2M16CKM7KM2KM2C49H7CH2CH26M6C3MCM2CM7HMC8NaC6H6CH2CH20K5CM2CK2MKMHC7NaC136H13M2K2V2"
    "Cb7HCfP15!8X4!11CdVH39aC66O6fCV5CbHc4Ca4cH61V2CdH42fCB9Cfc7H247C21b9H239C7H1fCNaC4V2H4fCNaC6H1eC2M5VCaH30M7V5!4"
    "G4V!CaNaCP7CH15C5H13C2b0J20F20P17V4C65H4bC4MHK37C7M4GdC40G2VGMCbK2CeH17f8C8H4d6C2aH9C22e7G4CG7CG2CH123C2dH3C11H4"
    "C8H18cC904H6bC5HdC3H9C7HaC2!M2VB4C125cM2eC2M17C9!74C3c!f6Ca!27C2!3cK2M3!3K6B8M8!2M7!1eM4!3dC15!42M3!C9aP14Cc!57"
    "C9P19C87J1aF1aJ1aF7CF12J1aF1aJCJ2C2JC2J2C2J4CJ8F4CFCF7CFbJ1aF1aJ2CJ4C2J8CJ7CF1aJ2CJ4CJ5CJC3J7CF1aJ1aF1aJ1aF1aJ1a"
    "F1aJ1aF1aJ1aF1aJ1aF1cC2J19ZF19ZF6J19ZF19ZF6J19ZF19ZF6J19ZF19ZF6J19ZF19ZF6JFC2N32!200M37!4M32!8M!eM!2V5CfM5CMf"
    "C450FaHF14Ce1M7CM11C2M7CM2CM5Cd5H2dC3M7G7C2NaC4H!C140H1eMC11H2cM4NaC5XC4e0H7CH4CH2CHfCHc5C2P9M7C29J22F22M7GC4Na"
    "C4V2C311P3b!P3XP4C4cP2d!PfCc2H4CH1bCH2CHC2HCHaCH4CHCHC6HC4HCHCHCH3CH2CHC2HCHCHCHCHCH2CHC2H4CH7CH4CH4CHCHaCH11C5"
    "H3CH5CH11C34Z2C10e!2cC4!64Cc!fC2!fC!fC!25CaPd!a1C38!1dCd!2cC4!9C7!2Ce!6C9a!fbY5!2d8C5!10C3!dC3!74Cc!59C7!cC4!Cf"
    "!cC4!38C8!aC6!28C8!1eC2!2C4e!154Cc!eC2!5C3!5C3!7C9!1dC3!bC5!6Ca!aC6!8C8!7C9!93C!37C25NaC406Ha6e0C20H1039C7HdeC2"
    "H1682CeH1d31Cc1fH21eC5e2H134bCaecb6BC1eB60C80Mf0Cfe10DfffeC2DfffeC2";

//! Further names that Unicode has for them.
constexpr std::array<CategoryName, 4> category_aliases = {
    {{"Nd", "digit"}, {"P", "punct"}, {"Cc", "cntrl"}, {"M", "Combining_Mark"}}};

//! Letters of the categories that go by this name, alone or in a group.
std::string letters_of(std::string_view name) {
  for (const auto& [short_name, alias] : category_aliases)
    if (name == alias) name = short_name;
  const auto is_it = [&](const CategoryName& each) { return each.short_name == name || each.long_name == name; };
  std::string_view group;
  if (const auto found = std::find_if(category_groups.begin(), category_groups.end(), is_it);
      found != category_groups.end())
    group = found->short_name;
  std::string letters;
  for (std::size_t i = 0; i < categories.size(); ++i) {
    if (is_it(categories[i]) || (!group.empty() && categories[i].short_name.starts_with(group)))
      letters += category_letters[i];
  }
  return letters;
}

}  // namespace

CodeSet code_category(std::string_view name) {
  const std::string letters = letters_of(name);
  std::vector<CodeSet::Range> ranges;
  char32_t first = 0;
  for (std::size_t at = 0; at < category_runs.size();) {
    const char letter = category_runs[at++];
    char32_t length = 0;
    for (; at < category_runs.size(); ++at) {
      const char c = category_runs[at];
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) break;
      length = length * 16 + static_cast<char32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    length = std::max<char32_t>(length, 1);
    if (letters.find(letter) != std::string::npos) ranges.emplace_back(first, first + length - 1);
    first += length;
  }
  return CodeSet(std::move(ranges));
}

}  // namespace persona::llm
