//! Frequent US given names by sex and decade of birth.
#include "names_us.hpp"

namespace persona {
namespace {

// Everybody: births of the decade in thousands, rounded, after the public rankings of the US Social
// Security Administration. Hispanic and Asian: usual names among adults, weights only indicative.
constexpr UsGivenNames us_given_table[] = {
    {"female", "", 1930, 1930,
     "Mary 573, Betty 300, Barbara 296, Shirley 229, Patricia 228, Dorothy 206, Joan 172, Margaret 162, Nancy 142, "
     "Helen 138, Carol 136, Joyce 133, Doris 125, Ruth 120, Virginia 117, Marilyn 110, Elizabeth 106, Jean 105, "
     "Frances 101, Beverly 97, Lois 84, Alice 82, Donna 81, Martha 80, Dolores 76, Janet 75, Phyllis 74, Norma 73, "
     "Carolyn 72, Evelyn 70"},
    {"female", "", 1940, 1940,
     "Mary 640, Linda 531, Barbara 426, Patricia 411, Carol 253, Sandra 246, Nancy 240, Sharon 213, Judith 210, "
     "Susan 205, Betty 190, Carolyn 170, Margaret 164, Shirley 148, Judy 147, Karen 143, Donna 142, Kathleen 131, "
     "Joyce 125, Dorothy 124, Janet 118, Diane 118, Janice 112, Joan 108, Elizabeth 107, Brenda 102, Gloria 97, "
     "Virginia 89, Marilyn 87, Martha 87"},
    {"female", "", 1950, 1950,
     "Mary 626, Linda 565, Patricia 460, Susan 439, Deborah 430, Barbara 345, Debra 341, Karen 338, Nancy 299, "
     "Donna 281, Cynthia 276, Sandra 266, Pamela 262, Sharon 255, Kathleen 246, Carol 236, Diane 230, Brenda 213, "
     "Cheryl 195, Janet 181, Elizabeth 176, Kathy 173, Margaret 170, Janice 155, Carolyn 148, Denise 144, Judy 140, "
     "Rebecca 137, Joyce 133, Teresa 130"},
    {"female", "", 1960, 1960,
     "Lisa 496, Mary 369, Susan 273, Karen 267, Kimberly 257, Patricia 256, Linda 229, Donna 220, Michelle 213, "
     "Cynthia 210, Sandra 196, Deborah 196, Tammy 188, Pamela 184, Lori 179, Laura 178, Elizabeth 171, Julie 171, "
     "Brenda 158, Jennifer 149, Barbara 149, Angela 148, Sharon 143, Debra 143, Teresa 138, Nancy 129, Christine 128, "
     "Cheryl 124, Denise 119, Kelly 115"},
    {"female", "", 1970, 1970,
     "Jennifer 582, Amy 269, Melissa 253, Michelle 249, Kimberly 229, Lisa 225, Angela 224, Heather 201, "
     "Stephanie 154, Nicole 144, Jessica 142, Elizabeth 134, Rebecca 131, Kelly 127, Mary 126, Christina 120, "
     "Amanda 117, Julie 112, Sarah 110, Laura 108, Shannon 104, Christine 104, Tammy 99, Tracy 98, Karen 93, Dawn 91, "
     "Susan 88, Andrea 87, Tina 85, Patricia 80"},
    {"female", "", 1980, 1980,
     "Jessica 469, Jennifer 440, Amanda 369, Ashley 352, Sarah 273, Stephanie 244, Melissa 227, Nicole 224, "
     "Elizabeth 200, Heather 191, Tiffany 177, Michelle 168, Amber 158, Megan 154, Amy 147, Rachel 146, Kimberly 144, "
     "Christina 142, Lauren 138, Crystal 136, Brittany 134, Rebecca 132, Laura 123, Danielle 119, Emily 118, "
     "Samantha 113, Angela 113, Erin 110, Kelly 107, Sara 105"},
    {"female", "", 1990, 1990,
     "Jessica 303, Ashley 302, Emily 237, Sarah 224, Samantha 223, Amanda 190, Brittany 190, Elizabeth 172, "
     "Taylor 169, Megan 160, Hannah 158, Kayla 155, Lauren 152, Stephanie 149, Rachel 149, Jennifer 147, Nicole 136, "
     "Alexis 131, Victoria 117, Amber 115, Alyssa 111, Courtney 110, Rebecca 109, Danielle 108, Jasmine 104, "
     "Brianna 98, Katherine 98, Alexandra 97, Madison 95, Morgan 95"},
    {"female", "", 2000, 2000,
     "Emily 224, Madison 193, Emma 181, Olivia 156, Hannah 156, Abigail 151, Isabella 149, Samantha 140, "
     "Elizabeth 134, Ashley 133, Alexis 130, Sarah 130, Sophia 120, Alyssa 112, Grace 112, Ava 108, Taylor 104, "
     "Brianna 102, Lauren 101, Chloe 98, Natalie 97, Kayla 96, Jessica 95, Anna 94, Victoria 93, Mia 90, Hailey 88, "
     "Sydney 81, Jasmine 79, Julia 78"},
    {"male", "", 1930, 1930,
     "Robert 590, James 541, John 520, William 462, Richard 408, Charles 317, Donald 260, George 196, Thomas 168, "
     "Joseph 168, David 156, Edward 143, Ronald 140, Paul 121, Kenneth 119, Frank 110, Raymond 108, Jack 102, "
     "Harold 96, Billy 91, Gerald 85, Walter 81, Jerry 79, Joe 75, Eugene 72, Henry 66, Carl 64, Arthur 64, Ralph 64, "
     "Albert 62"},
    {"male", "", 1940, 1940,
     "James 795, Robert 740, John 713, William 595, Richard 552, David 356, Charles 349, Thomas 339, Michael 323, "
     "Ronald 305, Larry 276, Donald 254, Joseph 220, Gary 215, George 184, Kenneth 182, Paul 175, Edward 162, "
     "Jerry 157, Dennis 152, Frank 120, Daniel 117, Raymond 116, Roger 112, Stephen 107, Gerald 102, Walter 90, "
     "Harold 84, Steven 84, Douglas 81"},
    {"male", "", 1950, 1950,
     "James 844, Michael 834, Robert 831, John 798, David 770, William 590, Richard 535, Thomas 454, Mark 388, "
     "Charles 378, Steven 338, Gary 329, Joseph 308, Donald 279, Ronald 276, Kenneth 268, Paul 261, Larry 250, "
     "Daniel 245, Stephen 234, Dennis 212, Timothy 204, Edward 193, Jeffrey 184, George 178, Gregory 172, Kevin 158, "
     "Douglas 154, Terry 147, Anthony 139"},
    {"male", "", 1960, 1960,
     "Michael 833, David 735, John 713, James 686, Robert 651, Mark 454, William 446, Richard 401, Thomas 339, "
     "Jeffrey 318, Steven 312, Joseph 296, Timothy 275, Kevin 272, Scott 255, Brian 252, Charles 249, Paul 232, "
     "Daniel 231, Christopher 221, Kenneth 205, Anthony 202, Gregory 196, Ronald 177, Donald 165, Gary 162, "
     "Stephen 160, Eric 160, Edward 145, Douglas 133"},
    {"male", "", 1970, 1970,
     "Michael 707, Christopher 475, Jason 462, David 446, James 444, John 395, Robert 393, Brian 321, William 284, "
     "Matthew 277, Joseph 259, Daniel 257, Kevin 229, Eric 228, Jeffrey 225, Richard 213, Scott 211, Mark 205, "
     "Steven 199, Timothy 182, Thomas 182, Anthony 173, Charles 161, Jeremy 158, Joshua 158, Ryan 157, Paul 142, "
     "Andrew 139, Gregory 133, Chad 131"},
    {"male", "", 1980, 1980,
     "Michael 663, Christopher 554, Matthew 459, Joshua 400, David 385, James 380, Daniel 378, Robert 357, John 354, "
     "Joseph 341, Jason 298, Justin 291, Andrew 286, Ryan 274, William 268, Brian 236, Brandon 233, Jonathan 225, "
     "Nicholas 218, Anthony 205, Eric 188, Adam 181, Kevin 179, Thomas 162, Steven 160, Timothy 158, Richard 147, "
     "Kyle 143, Jeremy 141, Jeffrey 137"},
    {"male", "", 1990, 1990,
     "Michael 462, Christopher 360, Matthew 351, Joshua 329, Jacob 298, Nicholas 275, Andrew 273, Daniel 272, "
     "Tyler 262, Joseph 260, Brandon 259, David 253, James 244, Ryan 241, John 240, Zachary 225, Justin 220, "
     "William 217, Anthony 216, Robert 202, Jonathan 184, Austin 182, Alexander 182, Kyle 171, Kevin 169, Thomas 147, "
     "Cody 141, Jordan 140, Eric 130, Benjamin 128"},
    {"male", "", 2000, 2000,
     "Jacob 274, Michael 251, Joshua 232, Matthew 222, Daniel 203, Christopher 203, Andrew 202, Ethan 202, "
     "Joseph 195, William 194, Anthony 191, David 179, Alexander 178, Nicholas 178, Ryan 168, Tyler 162, James 162, "
     "John 159, Jonathan 141, Noah 137, Brandon 136, Christian 132, Dylan 125, Samuel 121, Benjamin 121, "
     "Zachary 119, Nathan 118, Logan 114, Justin 114, Gabriel 107"},

    {"female", "hispanic", 1930, 1960,
     "Maria 100, Rosa 30, Carmen 28, Ana 25, Juana 18, Margarita 18, Guadalupe 16, Gloria 16, Martha 16, Teresa 15, "
     "Elena 11, Josefina 10, Francisca 10, Luz 10, Blanca 9, Irma 9, Alicia 9, Yolanda 9, Silvia 8, Angela 7, "
     "Isabel 7, Norma 7, Ramona 6, Esther 6, Dolores 6, Olga 6, Raquel 5, Sara 5"},
    {"female", "hispanic", 1970, 1980,
     "Maria 80, Ana 26, Jessica 18, Jennifer 18, Rosa 16, Claudia 15, Patricia 15, Sandra 15, Veronica 14, Monica 13, "
     "Adriana 12, Elizabeth 12, Melissa 12, Vanessa 12, Diana 12, Gabriela 11, Cristina 11, Leticia 10, Michelle 10, "
     "Stephanie 10, Karina 9, Alejandra 9, Norma 8, Carmen 8, Silvia 8, Lorena 8, Yesenia 8, Angelica 8"},
    {"female", "hispanic", 1990, 2000,
     "Maria 36, Jessica 22, Stephanie 20, Ashley 20, Jennifer 18, Vanessa 17, Andrea 16, Daniela 16, Diana 15, "
     "Karen 14, Gabriela 14, Alejandra 14, Melissa 13, Elizabeth 13, Jasmine 13, Natalie 12, Samantha 12, Ana 12, "
     "Michelle 11, Valeria 11, Karina 10, Adriana 10, Mariana 10, Isabella 9, Brianna 9, Kimberly 9, Camila 8, "
     "Guadalupe 8"},
    {"male", "hispanic", 1930, 1960,
     "Jose 100, Juan 60, Luis 40, Jesus 30, Carlos 30, Manuel 28, Francisco 26, Antonio 25, Pedro 22, Miguel 20, "
     "Roberto 15, Ramon 15, Jorge 15, Rafael 14, Raul 13, Ruben 11, Salvador 10, Alfredo 10, Ricardo 10, Fernando 9, "
     "Julio 9, Victor 9, Mario 9, Robert 9, Daniel 8, Arturo 8, Enrique 8, Hector 8"},
    {"male", "hispanic", 1970, 1980,
     "Jose 80, Juan 52, Luis 46, Carlos 38, Jesus 28, Jorge 24, Miguel 24, Francisco 20, Antonio 20, Victor 17, "
     "David 17, Daniel 16, Ricardo 15, Manuel 15, Alejandro 15, Eduardo 14, Javier 14, Fernando 13, Oscar 13, "
     "Roberto 12, Sergio 12, Mario 11, Rafael 11, Michael 11, Hector 10, Cesar 9, Christopher 9, Edgar 8"},
    {"male", "hispanic", 1990, 2000,
     "Jose 44, Luis 36, Juan 32, Carlos 28, Daniel 24, Jesus 22, Angel 22, David 20, Miguel 20, Christian 18, "
     "Jorge 17, Alejandro 17, Kevin 16, Anthony 16, Christopher 15, Jonathan 15, Brandon 12, Diego 12, Eduardo 12, "
     "Antonio 12, Victor 12, Francisco 11, Joshua 11, Adrian 11, Gabriel 11, Oscar 10, Bryan 10, Javier 10"},
    {"female", "asian", 1930, 1970,
     "Mei 14, Li 13, Ying 12, Hong 11, Lan 11, Hui 10, Yan 10, Min 10, Hoa 8, Mai 8, Xiu 7, Anita 8, Lakshmi 7, "
     "Sunita 7, Meena 6, Sushila 5, Young 8, Soon 6, Grace 10, Helen 9, Susan 9, Maria 10, Teresa 6, Nancy 6, Lily 6"},
    {"female", "asian", 1980, 2000,
     "Jing 10, Ying 9, Li 8, Yan 8, Xin 7, Linh 9, Anh 9, Thuy 7, Mai 6, Priya 10, Neha 8, Pooja 8, Divya 7, Anjali 6, "
     "Ji-Young 5, Soo 5, Grace 12, Jennifer 13, Michelle 12, Christine 9, Jessica 10, Stephanie 9, Emily 10, Amy 8, "
     "Tiffany 7"},
    {"male", "asian", 1930, 1970,
     "Wei 14, Ming 12, Jian 11, Guang 8, Minh 10, Hung 9, Tuan 8, Duc 7, Raj 8, Anil 9, Suresh 9, Ramesh 8, Vijay 8, "
     "Ashok 7, Sung 7, Young 7, Jin 7, Peter 8, David 10, James 9, John 9, Robert 6, Henry 6, Jose 6, Kenneth 5"},
    {"male", "asian", 1980, 2000,
     "Wei 9, Hao 8, Jun 8, Lei 8, Bin 7, Yang 7, Minh 8, Tuan 6, Long 6, Amit 8, Rahul 9, Rohan 7, Arjun 8, "
     "Siddharth 6, Ji-Hoon 5, Kevin 14, David 12, Andrew 12, Eric 11, Daniel 11, Jason 11, Michael 11, Brian 9, "
     "Ryan 8, Justin 7"},
};

}  // namespace

std::span<const UsGivenNames> us_given_names() {
  return us_given_table;
}

}  // namespace persona
