"""Given and family names by culture, from which made-up people are put together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamePool:
    """Names of one culture.

    In the source an underscore stands for a space within a name, and a slash parts a family name's forms for men
    and women.
    """

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


def _pool(women: str, men: str, families: str) -> NamePool:
    return NamePool(
        *(tuple(name.replace("_", " ") for name in part.split()) for part in (women, men, families))
    )


POOLS: dict[str, NamePool] = {
    "akan": _pool(
        "Abena Afia Akosua Ama Efua Esi Yaa Adwoa",
        "Kofi Kwame Kwaku Yaw Kojo Kwabena Nana Ebo",
        "Mensah Asante Boateng Owusu Appiah Osei Agyeman Amoah Ofori Quaye Darko Ansah",
    ),
    "afghan": _pool(
        "Zarghuna Parwana Shabnam Malalai Freshta Nilofar Laila Roya",
        "Ahmad Najib Farhad Jawad Mirwais Omid Rahmat Zalmai",
        "Rahimi Ahmadzai Noori Karimi Stanekzai Haidari Popal Sadat Wardak Nazari",
    ),
    "anglo": _pool(
        "Alice Charlotte Emma Grace Harriet Imogen Jane Megan Rachel Sophie Victoria Eleanor",
        "Andrew Benjamin Daniel Edward George Henry James Matthew Oliver Simon Thomas William",
        "Bennett Carter Dawson Ellis Fletcher Graham Harding Kirby Lawson Mercer Norris Palmer Quinn Reeves "
        "Sutton Turner Whitaker Ashworth Holloway Pemberton",
    ),
    "arab": _pool(
        "Amal Dalia Fatima Hanan Iman Layla Mariam Noor Rania Salma Yasmin Huda",
        "Ahmed Bilal Faisal Hassan Ibrahim Karim Mahmoud Omar Samir Tariq Yousef Ziad",
        "Abdallah Al-Amin Al-Hashimi Bakri Darwish El-Sayed Farouk Haddad Hamdan Khalil Mansour Nasser Qasim "
        "Saleh Shaheen Zayed",
    ),
    "armenian": _pool(
        "Ani Lilit Mariam Nare Sona Gayane",
        "Aram Armen Davit Hayk Tigran Vardan",
        "Grigoryan Hakobyan Harutyunyan Petrosyan Sargsyan Vardanyan Khachatryan Melikyan",
    ),
    "bangla": _pool(
        "Farhana Nasrin Rumana Shirin Sultana Tahmina Taslima Nusrat",
        "Anisur Habibur Mizanur Rafiqul Shahidul Tanvir Arif Kamrul",
        "Ahmed Akter Chowdhury Hossain Islam Khatun Rahman Sarker Talukder Uddin Mollah Bhuiyan",
    ),
    "burmese": _pool(
        "Aye_Aye Hnin_Wai Khin_Mar Su_Su Thandar Zin_Mar",
        "Aung_Kyaw Htet_Lin Kyaw_Zin Min_Thu Thura Zaw_Min",
        "Htun Myint Naing Oo Soe Win Thein Lwin Maung Hlaing",
    ),
    "chinese": _pool(
        "Fang Hui Jing Lan Mei Xiu Ying Yan Wen Li-Hua",
        "Bo Cheng Hao Jian Jun Lei Ming Peng Tao Wei",
        "Chen Gao Huang Lin Liu Luo Song Tan Wang Wu Xu Yang Zhang Zhou Ng Wong Lim Koh",
    ),
    "dutch": _pool(
        "Anouk Eva Femke Hanneke Lieke Marijke Noor Sanne",
        "Bart Daan Jeroen Koen Maarten Pieter Ruben Thijs",
        "Bakker De_Vries Dekker Hendriks Janssens Mulder Peeters Smit Van_Dijk Van_den_Berg "
        "Vermeulen Wouters",
    ),
    "east_african": _pool(
        "Achieng Asha Faith Grace Mercy Neema Rehema Wanjiku Zawadi Halima Joyce Nakato",
        "Baraka Daudi Elias Hamisi Juma Kamau Mwangi Okello Otieno Peter Rashid Tumaini",
        "Abdi Chacha Kariuki Kimani Kiprono Lwanga Makori Massawe Mboya Mugisha Musoke Mushi Mutua "
        "Njoroge Nyambura "
        "Ochieng Okoth Ssali Wekesa",
    ),
    "ethiopian": _pool(
        "Almaz Bethlehem Hiwot Meron Selamawit Tigist Rahel Saba Lensa",
        "Abebe Biruk Dawit Fikru Getachew Henok Kebede Samuel Yonas",
        "Alemu Bekele Desta Gebremariam Haile Lemma Mekonnen Negash Tadesse Tesfaye Wolde Worku Girma",
    ),
    "french": _pool(
        "Amélie Camille Claire Élise Florence Hélène Juliette Manon Sylvie Nathalie",
        "Antoine Bruno Étienne François Guillaume Julien Luc Mathieu Pascal Rémi",
        "Aubry Berger Chevalier Deschamps Faure Garnier Lacroix Lemaire Marchand Perrin Renaud "
        "Rousselet Vasseur "
        "Girard Morin",
    ),
    "georgian": _pool(
        "Ana Eka Ketevan Mariam Natia Tamar",
        "Davit Giorgi Irakli Levan Nika Zurab",
        "Beridze Gelashvili Kapanadze Lomidze Maisuradze Tsiklauri Kobakhidze",
    ),
    "german": _pool(
        "Anja Birgit Franziska Heike Katrin Lena Miriam Silke Ulrike",
        "Andreas Felix Jens Klaus Markus Stefan Tobias Uwe Wolfgang",
        "Becker Brandt Fuchs Hartmann Hofmann Keller Lehmann Neumann Richter Schuster Steiner Vogel "
        "Winkler Zimmermann",
    ),
    "greek": _pool(
        "Aikaterini Despina Eleni Maria Sofia Vasiliki",
        "Dimitris Giorgos Ioannis Kostas Nikos Panagiotis",
        "Antoniou Dimitriou Georgiou Ioannidis/Ioannidou Nikolaou Papadakis/Papadaki Petrou Vlachos/Vlachou",
    ),
    "haitian": _pool(
        "Fabiola Guerda Marie-Ange Mirlande Nadège Rose-Laure",
        "Emmanuel Frantz Jean-Robert Kenson Ricardo Wilner",
        "Augustin Baptiste Charles Desrosiers Dorvil Estimé Joseph Louissaint Pierre Saint-Fleur",
    ),
    "hausa": _pool(
        "Aisha Amina Fatsuma Hadiza Hauwa Maryam Rabi Zainab",
        "Abubakar Aliyu Bello Ibrahim Musa Sani Umar Yusuf",
        "Abdullahi Adamu Garba Idris Issoufou Lawal Mahamadou Saidu Tanko Yakubu Danjuma",
    ),
    "hebrew": _pool(
        "Adi Michal Noa Shira Tamar Yael",
        "Amit Eitan Gil Nadav Oren Yonatan",
        "Avraham Ben-Ami Friedman Levi Mizrahi Peretz Shapiro Barak",
    ),
    "hispanic": _pool(
        "Alejandra Beatriz Carmen Daniela Gabriela Lucía Mariana Paola Rocío Valentina Ximena Pilar",
        "Alejandro Carlos Diego Eduardo Fernando Ignacio Javier Luis Mauricio Pablo Rodrigo Sergio",
        "Aguilar Castillo Delgado Espinoza Fuentes Guerrero Herrera Jiménez Mendoza Núñez Ortega "
        "Peralta Quiroga "
        "Ríos Salazar Vargas Zamora",
    ),
    "horn": _pool(
        "Amina Deqa Fadumo Hodan Ifrah Sahra",
        "Abdirahman Bashir Farah Jama Mohamud Warsame",
        "Abdullahi Ali Hersi Hussein Mohamed Nur Osman Yusuf Elmi",
    ),
    "igbo_yoruba": _pool(
        "Adaeze Amaka Chioma Ngozi Folake Titilayo Yetunde Ifeoma",
        "Chukwudi Emeka Obinna Uche Babatunde Olumide Segun Tunde",
        "Adebayo Adeyemi Akintola Eze Nwosu Obi Ogunleye Okafor Okeke Onyekachi Oyelaran Balogun Afolabi",
    ),
    "indian": _pool(
        "Ananya Deepa Kavita Lakshmi Meera Neha Pooja Priya Shalini Sunita",
        "Anil Arjun Karthik Manoj Nikhil Rajesh Rohan Sanjay Suresh Vikram",
        "Banerjee Bhatt Chatterjee Desai Gupta Iyer Joshi Kapoor Kulkarni Menon Mukherjee Nair Patil "
        "Rao Reddy "
        "Sharma Singh Varghese",
    ),
    "indonesian": _pool(
        "Ayu Dewi Fitri Indah Lestari Putri Ratna Siti",
        "Adi Agus Bayu Budi Dimas Hendra Rizki Wahyu",
        "Hidayat Kusuma Nugroho Pratama Purnomo Santoso Setiawan Wijaya Siregar Harahap",
    ),
    "irish": _pool(
        "Aoife Ciara Gráinne Niamh Orla Sinéad",
        "Cormac Declan Eoin Fergal Niall Padraig",
        "Byrne Doherty Gallagher Kavanagh McCarthy Nolan O'Brien O'Sullivan Ryan Walsh",
    ),
    "italian": _pool(
        "Chiara Elisa Federica Giulia Ilaria Paola Silvia",
        "Alessandro Davide Lorenzo Marco Matteo Paolo Stefano",
        "Barbieri Bianchi Conti Ferrara Galli Lombardi Marini Moretti Rinaldi Santoro Valentini",
    ),
    "japanese": _pool(
        "Akiko Haruka Keiko Mai Naoko Yumi",
        "Daisuke Hiroshi Kenji Makoto Satoshi Takashi",
        "Fujita Hayashi Inoue Kobayashi Matsuda Nakamura Ogawa Saito Takeda Yamashita",
    ),
    "khmer": _pool(
        "Bopha Chanthou Kalyan Sophea Sreymom Theary",
        "Borey Dara Piseth Rithy Sokha Vannak",
        "Chea Chhim Heng Keo Ly Ouk Pich Sok Tep",
    ),
    "korean": _pool(
        "Eun-ji Hye-jin Ji-woo Min-seo Soo-yeon",
        "Dong-hyun Joon-ho Min-jae Seung-woo Tae-yang",
        "Cho Choi Han Jeong Kang Kim Lee Park Yoon",
    ),
    "lao": _pool(
        "Bounmy Chansouk Khamla Latsamy",
        "Bounthong Khamphay Phoutthasak Somchit",
        "Keovongsa Phommachanh Sayavong Souvannavong Xayaphone",
    ),
    "luso": _pool(
        "Ana Beatriz Carolina Inês Joana Luísa Mariana Rita Sara Teresa",
        "André Bruno Duarte Gonçalo João Miguel Nuno Pedro Rui Tiago",
        "Almeida Barbosa Carvalho Cunha Figueiredo Lopes Macedo Moreira Nogueira Pinheiro Ribeiro "
        "Teixeira Vieira",
    ),
    "luso_african": _pool(
        "Albertina Celeste Domingas Esperança Graça Isaura",
        "Aníbal Armando Domingos Eusébio Januário Osvaldo",
        "Chissano Cossa Macuácua Manjate Mondlane Nhantumbo Sitoe Tembe Cá Mendes Quintas",
    ),
    "malagasy": _pool(
        "Fanja Haingo Lalao Miora Noro Voahangy",
        "Andry Faly Haja Mamy Rado Tojo",
        "Andriamanana Rabemananjara Rakotoarisoa Randrianasolo Rasoanaivo Razafimahefa",
    ),
    "malay": _pool(
        "Aisyah Farah Hidayah Nurul Siti Zulaikha",
        "Amir Azlan Faiz Hafiz Iskandar Khairul",
        "Abdul_Rahman Hamzah Ismail Kamaruddin Othman Zainal",
    ),
    "mongolian": _pool(
        "Altantsetseg Bolormaa Enkhtuya Oyunaa Sarnai",
        "Batbayar Bold Ganbaatar Munkhbat Temuulen",
        "Baatar Dorj Enkhbold Ganzorig Sukhbat Tsogt",
    ),
    "nepali": _pool(
        "Anjali Bina Kabita Pratima Sabina Sita",
        "Bikash Dipak Krishna Prakash Ramesh Sujan",
        "Adhikari Bhattarai Gurung Karki Maharjan Poudel Shrestha Tamang Thapa",
    ),
    "nordic": _pool(
        "Astrid Ingrid Kirsten Linnea Maja Signe Sofie Solveig",
        "Anders Erik Henrik Jonas Lars Magnus Nils Sven",
        "Andersen Bergström Dahl Eriksen Hansson Johansen Lindqvist Nilsen Nyström Sørensen Virtanen "
        "Korhonen",
    ),
    "pakistani": _pool(
        "Ayesha Bushra Fatima Hina Mehwish Rabia Saima Zara",
        "Adnan Asim Bilal Faisal Hamza Imran Kashif Usman",
        "Akhtar Baig Butt Chaudhry Iqbal Khan Malik Mirza Qureshi Rehman Siddiqui Sheikh",
    ),
    "persian": _pool(
        "Azadeh Farzaneh Mahsa Nasrin Parisa Shirin",
        "Amir Behzad Farid Kamran Mehdi Reza",
        "Ahmadi Hosseini Jafari Kazemi Moradi Rahmani Tehrani Yazdani",
    ),
    "filipino": _pool(
        "Angelica Cristina Jocelyn Liza Maricel Rowena Teresita",
        "Arnel Benigno Dennis Jayson Noel Ramil Vicente",
        "Aquino Bautista Cruz De_Guzman Dela_Cruz Macaraeg Manalo Pangilinan Reyes Santos Villanueva",
    ),
    "polish": _pool(
        "Agnieszka Ewa Joanna Katarzyna Magdalena Zofia",
        "Adam Grzegorz Krzysztof Michał Paweł Tomasz",
        "Dąbrowski/Dąbrowska Kamiński/Kamińska Kowalczyk Mazur Nowicki/Nowicka Sikora Wójcik "
        "Zieliński/Zielińska",
    ),
    "romanian": _pool(
        "Adriana Cristina Elena Ioana Mihaela Raluca",
        "Andrei Bogdan Cătălin Ionuț Mihai Radu",
        "Constantin Dumitrescu Ionescu Marin Munteanu Popa Stan Vasilescu",
    ),
    "rwandan": _pool(
        "Aline Claudine Diane Espérance Immaculée Solange",
        "Eric Fidèle Innocent Jean-Bosco Olivier Théogène",
        "Habimana Hakizimana Mukamana Ndayisenga Niyonzima Nkurunziza Nshimiyimana Uwimana Bizimana",
    ),
    "shona": _pool(
        "Chipo Nyasha Rudo Rutendo Tendai Thandiwe Chikondi Mphatso",
        "Farai Tafadzwa Tinashe Kondwani Mabvuto Chisomo Limbani Themba",
        "Banda Chirwa Dube Gondwe Kachale Moyo Mutasa Mwale Ndlovu Nyirenda Phiri Sibanda Tembo Zulu",
    ),
    "slavic": _pool(
        "Anna Iryna Kateryna Maryna Nataliia Oksana Svitlana Yuliia",
        "Andrii Dmytro Ihor Mykola Oleh Serhii Taras Viktor",
        "Bondarenko Hrytsenko Koval Kravchuk Lysenko Marchenko Melnyk Savchenko Tkachenko",
    ),
    "southern_african": _pool(
        "Lerato Naledi Nomsa Palesa Thandi Zanele",
        "Bongani Kagiso Lwazi Sipho Thabo Tshepo",
        "Dlamini Khumalo Mabaso Mokoena Molefe Naidoo Nkosi Pillay Van_Wyk Botha Sithole",
    ),
    "sinhala_tamil": _pool(
        "Dilini Ishara Nadeesha Sanduni Thushara Vasuki",
        "Chaminda Kasun Nuwan Pradeep Ruwan Suren",
        "Bandara De_Silva Fernando Jayawardena Perera Rajapaksha Selvarajah Wickramasinghe",
    ),
    "thai": _pool(
        "Kanya Malee Nattaya Pim Siriporn Suda",
        "Anan Chai Nattapong Prasert Somchai Wichai",
        "Boonmee Chaiyasit Jaidee Rattanakul Srisuk Thongchai Wongsawat",
    ),
    "central_asian": _pool(
        "Aigul Dilnoza Gulnora Madina Nargiza Zarina",
        "Aziz Bekzod Nurlan Rustam Timur Jamshid",
        "Abdullayev/Abdullayeva Akhmedov/Akhmedova Karimov/Karimova Nazarov/Nazarova Rakhimov/Rakhimova "
        "Sultanov/Sultanova Toktomushev/Toktomusheva",
    ),
    "turkish": _pool(
        "Ayşe Elif Zeynep Merve Selin Derya",
        "Emre Mehmet Yusuf Burak Cem Serkan",
        "Aydın Demir Kaya Öztürk Yılmaz Arslan Çelik Koç",
    ),
    "vietnamese": _pool(
        "Hạnh Hương Lan Linh Mai Ngọc Thảo Trang",
        "Bình Cường Dũng Hải Hùng Minh Quân Tuấn",
        "Bùi Đặng Đỗ Hoàng Lê Nguyễn Phạm Phan Trần Võ",
    ),
    "west_african_fr": _pool(
        "Adama Aïssata Aminata Awa Bintou Fatou Kadiatou Mariama Oumou Rokia",
        "Abdoulaye Boubacar Cheikh Ibrahima Mamadou Moussa Oumar Seydou Souleymane Lassina",
        "Ba Camara Cissé Coulibaly Diallo Diarra Diop Kaboré Konaté Ndiaye Ouattara Ouédraogo "
        "Sawadogo Sow Touré "
        "Traoré Zongo",
    ),
    "central_african": _pool(
        "Béatrice Bibiche Clarisse Gisèle Mireille Nadine Odette Viviane",
        "Achille Bienvenu Christian Dieudonné Hervé Patrice Serge Trésor",
        "Abega Biya-Ndongo Essomba Fotso Ilunga Kabongo Kalala Mbarga Mbuyi Ngoma Nkomo Tchoumi "
        "Tshibanda Tamba",
    ),
    "guinea_coast": _pool(
        "Adjoa Akouvi Chantal Édith Mawuena Rosine",
        "Codjo Kodjo Koffi Kossi Romaric Sylvain",
        "Adjovi Agbodjan Ahouansou Amoussou Gnassou Hounkpatin Kouassi Koné N'Guessan Yao",
    ),
    "salone": _pool(
        "Adama Fatmata Isatu Kadie Mabinty Musu",
        "Abu Alhaji Foday Lamin Mohamed Sahr",
        "Bangura Conteh Jalloh Kamara Kanu Koroma Mansaray Sesay Turay Kollie Flomo Jallow Ceesay",
    ),
}
