"""Sentences of goals texts in six languages, and the fields of practice as those languages name them.

A text is one opening, one or two needs and perhaps a closing; ``{field}`` is the person's field of practice.
Fields without a name in a language use openings without one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentences:
    """Openings that name the field and openings that do not; mentees' needs; mentors' offers; closings."""

    openings: tuple[str, ...]
    plain_openings: tuple[str, ...]
    needs: tuple[str, ...]
    mentor_openings: tuple[str, ...]
    offers: tuple[str, ...]
    closings: tuple[str, ...]


SENTENCES: dict[str, Sentences] = {
    "en": Sentences(
        openings=(
            "I have worked in {field} for {years} years, mostly without a senior colleague on site.",
            "I am the only one trained in {field} in a hospital that serves a whole district.",
            "I want to build a career in {field} and to stay in my country while doing so.",
            "After {years} years on the wards I have moved to {field} and have much to catch up on.",
        ),
        plain_openings=(
            "I work in a busy public hospital and often decide alone at night.",
            "I have just finished my training and look for my next step.",
            "I lead a small team without ever having learnt how to lead.",
        ),
        needs=(
            "I would like somebody to go through difficult cases with once or twice a month.",
            "I need help to turn an audit of ours into a first paper.",
            "I am preparing for a postgraduate examination and would welcome honest feedback.",
            "I want to learn how to start a small quality project with hardly any budget.",
            "I hope to apply for a fellowship next year and have never written an application.",
            "Statistics keep me from finishing my thesis.",
            "I want to teach our students better than I was taught.",
            "I am close to burning out and want to find a way of working that lasts.",
        ),
        mentor_openings=(
            "I have practised {field} for {years} years and teach it to registrars.",
            "I trained in two countries and have worked in {field} for {years} years.",
            "Much of what I know of {field} I owe to mentors; it is time to pass it on.",
        ),
        offers=(
            "I can help with case discussions, papers and exam preparation.",
            "I like to think careers through with people who are told that there is no path.",
            "I read drafts carefully and say what I think.",
            "I have set up services with little money and made most of the mistakes already.",
            "I am happy to practise presentations and interviews.",
        ),
        closings=(
            "My connection drops in the rainy season, so messages help between calls.",
            "I learn best from direct feedback.",
            "Evenings suit me best, except when I am on call.",
            "I would also like to understand how things are done elsewhere.",
        ),
    ),
    "fr": Sentences(
        openings=(
            "J’exerce en {field} depuis {years} ans, le plus souvent sans aîné sur place.",
            "Je suis seul·e formé·e en {field} dans un hôpital qui dessert tout un district.",
            "Je souhaite faire carrière en {field} tout en restant dans mon pays.",
        ),
        plain_openings=(
            "Je travaille dans un hôpital public très chargé et je décide souvent seul·e la nuit.",
            "Je viens de terminer ma formation et je cherche la prochaine étape.",
            "Je dirige une petite équipe sans avoir jamais appris à diriger.",
        ),
        needs=(
            "J’aimerais discuter de cas difficiles une ou deux fois par mois.",
            "J’ai besoin d’aide pour transformer notre audit en premier article.",
            "Je prépare un examen de spécialité et je voudrais un retour franc.",
            "Je veux lancer un petit projet qualité avec très peu de moyens.",
            "Je compte demander une bourse l’an prochain et je n’ai jamais rédigé de dossier.",
            "Les statistiques m’empêchent de finir ma thèse.",
            "Je veux mieux encadrer nos étudiants que je ne l’ai été.",
        ),
        mentor_openings=(
            "J’exerce et j’enseigne en {field} depuis {years} ans.",
            "Formé·e dans deux pays, je travaille en {field} depuis {years} ans.",
        ),
        offers=(
            "Je peux aider pour les cas cliniques, les articles et les examens.",
            "J’aime réfléchir au parcours de ceux à qui l’on dit qu’il n’y en a pas.",
            "Je relis avec soin et je dis ce que je pense.",
            "J’ai ouvert des services avec peu d’argent et commis déjà la plupart des erreurs.",
        ),
        closings=(
            "La connexion est mauvaise en saison des pluies : les messages m’aident entre deux appels.",
            "Le soir me convient le mieux, sauf pendant mes gardes.",
            "J’aimerais aussi comprendre comment on travaille ailleurs.",
        ),
    ),
    "es": Sentences(
        openings=(
            "Trabajo en {field} desde hace {years} años, casi siempre sin un colega con más experiencia.",
            "Soy la única persona formada en {field} en un hospital que atiende a todo un distrito.",
            "Quiero hacer carrera en {field} sin tener que dejar mi país.",
        ),
        plain_openings=(
            "Trabajo en un hospital público muy lleno y de noche decido a menudo a solas.",
            "Acabo de terminar mi formación y busco el siguiente paso.",
        ),
        needs=(
            "Me gustaría comentar casos difíciles una o dos veces al mes.",
            "Necesito ayuda para convertir nuestra auditoría en un primer artículo.",
            "Preparo un examen de especialidad y agradecería una opinión sincera.",
            "Quiero empezar un pequeño proyecto de calidad casi sin presupuesto.",
            "El año que viene quiero pedir una beca y nunca he escrito una solicitud.",
            "La estadística no me deja terminar la tesis.",
        ),
        mentor_openings=(
            "Ejerzo y enseño {field} desde hace {years} años.",
            "Me formé en dos países y llevo {years} años en {field}.",
        ),
        offers=(
            "Puedo ayudar con casos clínicos, artículos y exámenes.",
            "Me gusta pensar la carrera con quien cree que no tiene camino.",
            "Leo los borradores con cuidado y digo lo que pienso.",
        ),
        closings=(
            "La conexión falla cuando llueve, así que los mensajes me ayudan entre llamadas.",
            "Prefiero las tardes, salvo cuando estoy de guardia.",
        ),
    ),
    "pt": Sentences(
        openings=(
            "Trabalho em {field} há {years} anos, quase sempre sem um colega mais experiente por perto.",
            "Sou a única pessoa formada em {field} num hospital que serve um distrito inteiro.",
            "Quero fazer carreira em {field} sem ter de sair do meu país.",
        ),
        plain_openings=(
            "Trabalho num hospital público muito cheio e à noite decido muitas vezes sem ajuda.",
            "Acabei a formação há pouco e procuro o próximo passo.",
        ),
        needs=(
            "Gostava de discutir casos difíceis uma ou duas vezes por mês.",
            "Preciso de ajuda para transformar a nossa auditoria num primeiro artigo.",
            "Estou a preparar um exame da especialidade e agradecia uma opinião franca.",
            "Quero começar um pequeno projeto de qualidade quase sem orçamento.",
            "No próximo ano quero pedir uma bolsa e nunca escrevi uma candidatura.",
            "A estatística não me deixa acabar a tese.",
        ),
        mentor_openings=(
            "Exerço e ensino {field} há {years} anos.",
            "Formei-me em dois países e trabalho em {field} há {years} anos.",
        ),
        offers=(
            "Posso ajudar com casos clínicos, artigos e exames.",
            "Gosto de pensar a carreira com quem ouve dizer que não há caminho.",
            "Leio rascunhos com cuidado e digo o que penso.",
        ),
        closings=(
            "A ligação cai na época das chuvas, por isso as mensagens ajudam entre chamadas.",
            "Prefiro o fim da tarde, exceto quando estou de banco.",
        ),
    ),
    "ar": Sentences(
        openings=(
            "أعمل في مجال {field} منذ {years}، وغالباً دون زميل أكثر خبرة إلى جانبي.",
            "ليس في مستشفانا، وهو يخدم منطقة كاملة، مختص آخر في مجال {field}.",
            "أريد أن أبني مسيرتي في مجال {field} وأن أبقى في بلدي.",
        ),
        plain_openings=(
            "أعمل في مستشفى حكومي مزدحم وكثيراً ما أتخذ القرار وحدي ليلاً.",
            "أنهيت تدريبي حديثاً وأبحث عن الخطوة التالية.",
        ),
        needs=(
            "أود أن أناقش الحالات الصعبة مرة أو مرتين في الشهر.",
            "أحتاج إلى مساعدة لتحويل مراجعتنا السريرية إلى أول ورقة علمية.",
            "أستعد لامتحان التخصص وأرحب بالنقد الصريح.",
            "أريد أن أبدأ مشروعاً صغيراً لتحسين الجودة بميزانية محدودة جداً.",
            "أنوي التقدم لمنحة في العام القادم ولم أكتب طلباً من قبل.",
        ),
        mentor_openings=(
            "أمارس وأدرّس مجال {field} منذ {years}.",
            "تدربت في بلدين وأعمل في مجال {field} منذ {years}.",
        ),
        offers=(
            "أستطيع المساعدة في مناقشة الحالات وكتابة الأوراق والتحضير للامتحانات.",
            "أقرأ المسودات بعناية وأقول رأيي بوضوح.",
        ),
        closings=(
            "ينقطع الاتصال كثيراً عندنا، لذلك تفيدني الرسائل بين المكالمات.",
            "يناسبني المساء، إلا في أيام المناوبة.",
        ),
    ),
    "sw": Sentences(
        openings=(
            "Nimefanya kazi ya {field} kwa miaka {years}, mara nyingi bila mwenzangu mwenye uzoefu zaidi.",
            "Mimi peke yangu ndiye niliyesomea {field} katika hospitali inayohudumia wilaya nzima.",
            "Nataka kujenga taaluma yangu katika {field} nikiwa hapa nchini kwangu.",
        ),
        plain_openings=(
            "Ninafanya kazi katika hospitali ya umma yenye wagonjwa wengi na usiku huamua peke yangu.",
            "Nimemaliza mafunzo hivi karibuni na ninatafuta hatua inayofuata.",
        ),
        needs=(
            "Ningependa kujadili wagonjwa wenye hali ngumu mara moja au mbili kwa mwezi.",
            "Nahitaji msaada kuandika makala yangu ya kwanza kutokana na ukaguzi wetu.",
            "Ninajiandaa kwa mtihani wa ubingwa na ningefurahi kupata maoni ya kweli.",
            "Nataka kuanzisha mradi mdogo wa kuboresha huduma kwa bajeti ndogo sana.",
        ),
        mentor_openings=("Nimefanya kazi na kufundisha {field} kwa miaka {years}.",),
        offers=(
            "Naweza kusaidia katika majadiliano ya wagonjwa, uandishi na maandalizi ya mitihani.",
            "Nasoma rasimu kwa makini na kusema ninachofikiri.",
        ),
        closings=(
            "Mtandao hukatika wakati wa mvua, kwa hiyo ujumbe husaidia kati ya simu.",
            "Jioni hunifaa zaidi, isipokuwa siku za zamu.",
        ),
    ),
}

# English names come from the specialties list itself.
FIELDS: dict[str, dict[str, str]] = {
    "fr": {
        "paediatrics": "pédiatrie",
        "internal-medicine": "médecine interne",
        "cardiology": "cardiologie",
        "gynaecology-and-obstetrics": "gynécologie-obstétrique",
        "general-surgery": "chirurgie générale",
        "emergency-medicine": "médecine d’urgence",
        "family-medicine": "médecine familiale",
        "anaesthesiology": "anesthésie",
        "infectious-diseases": "infectiologie",
        "psychiatry": "psychiatrie",
        "neonatology": "néonatologie",
        "medical-oncology": "oncologie",
        "midwifery": "soins obstétricaux",
        "intensive-care-medicine": "réanimation",
        "critical-care-nursing": "soins infirmiers de réanimation",
        "adult-nursing": "soins infirmiers",
        "clinical-pharmacy": "pharmacie clinique",
        "public-health-medicine": "santé publique",
        "physiotherapy": "kinésithérapie",
        "neurology": "neurologie",
        "orthopaedics-and-traumatology": "chirurgie orthopédique",
        "radiology": "radiologie",
    },
    "es": {
        "paediatrics": "pediatría",
        "internal-medicine": "medicina interna",
        "cardiology": "cardiología",
        "gynaecology-and-obstetrics": "ginecología y obstetricia",
        "general-surgery": "cirugía general",
        "emergency-medicine": "medicina de urgencias",
        "family-medicine": "medicina familiar",
        "anaesthesiology": "anestesiología",
        "infectious-diseases": "enfermedades infecciosas",
        "psychiatry": "psiquiatría",
        "neonatology": "neonatología",
        "medical-oncology": "oncología médica",
        "midwifery": "obstetricia",
        "intensive-care-medicine": "cuidados intensivos",
        "critical-care-nursing": "enfermería de cuidados intensivos",
        "adult-nursing": "enfermería",
        "clinical-pharmacy": "farmacia clínica",
        "public-health-medicine": "salud pública",
        "physiotherapy": "fisioterapia",
        "neurology": "neurología",
    },
    "pt": {
        "paediatrics": "pediatria",
        "internal-medicine": "medicina interna",
        "cardiology": "cardiologia",
        "gynaecology-and-obstetrics": "ginecologia e obstetrícia",
        "general-surgery": "cirurgia geral",
        "emergency-medicine": "medicina de urgência",
        "family-medicine": "medicina familiar",
        "anaesthesiology": "anestesiologia",
        "infectious-diseases": "infecciologia",
        "psychiatry": "psiquiatria",
        "neonatology": "neonatologia",
        "medical-oncology": "oncologia",
        "midwifery": "saúde materna",
        "intensive-care-medicine": "cuidados intensivos",
        "adult-nursing": "enfermagem",
        "critical-care-nursing": "enfermagem de cuidados intensivos",
        "clinical-pharmacy": "farmácia clínica",
        "public-health-medicine": "saúde pública",
        "physiotherapy": "fisioterapia",
    },
    "ar": {
        "paediatrics": "طب الأطفال",
        "internal-medicine": "الطب الباطني",
        "cardiology": "أمراض القلب",
        "gynaecology-and-obstetrics": "النساء والتوليد",
        "general-surgery": "الجراحة العامة",
        "emergency-medicine": "طب الطوارئ",
        "family-medicine": "طب الأسرة",
        "anaesthesiology": "التخدير",
        "infectious-diseases": "الأمراض المعدية",
        "psychiatry": "الطب النفسي",
        "neonatology": "حديثي الولادة",
        "medical-oncology": "الأورام",
        "midwifery": "القبالة",
        "adult-nursing": "التمريض",
        "critical-care-nursing": "تمريض العناية المركزة",
        "public-health-medicine": "الصحة العامة",
    },
    "sw": {
        "paediatrics": "afya ya watoto",
        "internal-medicine": "tiba ya magonjwa ya ndani",
        "gynaecology-and-obstetrics": "magonjwa ya wanawake na uzazi",
        "general-surgery": "upasuaji",
        "emergency-medicine": "tiba ya dharura",
        "family-medicine": "tiba ya familia",
        "midwifery": "ukunga",
        "adult-nursing": "uuguzi",
        "infectious-diseases": "magonjwa ya kuambukiza",
        "psychiatry": "afya ya akili",
        "community-health": "afya ya jamii",
        "public-health-medicine": "afya ya umma",
    },
}
