"""What the people of the demo cohort do: occupations, specialties, interests, topics.

The weights are chosen to look like life; they are no statistics.
"""

from __future__ import annotations


def _weights(text: str) -> dict[str, int]:
    """Read ``name weight`` pairs divided by commas."""
    pairs = (item.strip().rsplit(" ", 1) for item in text.split(","))
    return {name: int(weight) for name, weight in pairs}


def _words(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(","))


# ISCO-08 unit groups; mentees also have students (their share is drawn apart).
MENTEE_PROFESSIONS = _weights(
    "2211 26, 2212 24, 2221 22, 2222 8, 2262 6, 2261 3, 2264 4, 2240 3, 3221 3, 3253 3, 2263 3, 3212 3, "
    "2265 2, 2634 3, 1342 2, 3211 1, 3256 2, 2266 1"
)
MENTOR_PROFESSIONS = _weights(
    "2212 52, 2211 10, 2221 16, 2222 6, 2262 5, 2261 2, 2264 3, 2240 1, 2263 3, 2265 1, 2634 3, 1342 "
    "3, 2266 1"
)
STUDENT_PROFESSIONS = _weights("2211 60, 2221 18, 2222 6, 2262 7, 2261 4, 2264 5")

# Much sought, common, and rare: the head of the list takes most people, the tail one or two.
DOCTOR_SPECIALTIES = _weights(
    "paediatrics 26, internal-medicine 22, gynaecology-and-obstetrics 22, general-surgery 20, "
    "emergency-medicine 18, family-medicine 16, cardiology 14, anaesthesiology 14, infectious-diseases 13, "
    "psychiatry 9, orthopaedics-and-traumatology 9, neonatology 8, medical-oncology 8, radiology 7, "
    "intensive-care-medicine 7, neurology 6, ophthalmology 5, pulmonology 5, nephrology 5, "
    "endocrinology-and-diabetology 5, public-health-medicine 5, dermatology-and-venereology 4, pathology 3, "
    "urology 3, gastroenterology-and-hepatology 3, tropical-medicine 3, neurosurgery 2, haematology 2, "
    "palliative-medicine 2, rheumatology 1, paediatric-surgery 2, paediatric-cardiology 1, geriatrics 2, "
    "plastic-and-reconstructive-surgery 1, medical-microbiology 1, clinical-genetics 1, vascular-surgery 1"
)
BY_PROFESSION: dict[str, dict[str, int]] = {
    "2211": _weights(
        "family-medicine 40, emergency-medicine 18, paediatrics 10, internal-medicine 14, "
        "tropical-medicine 5, "
        "gynaecology-and-obstetrics 6, community-health 7, general-surgery 6"
    ),
    "2212": DOCTOR_SPECIALTIES,
    "2221": _weights(
        "adult-nursing 18, childrens-nursing 9, critical-care-nursing 16, emergency-nursing 12, "
        "infection-prevention-and-control 9, mental-health-nursing 7, neonatal-nursing 8, nurse-education 8, "
        "oncology-nursing 6, operating-theatre-nursing 6, community-nursing 7, palliative-nursing 4, "
        "primary-care-nursing 6, renal-nursing 3, diabetes-nursing 3, stoma-and-wound-care 2"
    ),
    "2222": _weights("midwifery 40, sexual-and-reproductive-health 8, neonatal-nursing 3"),
    "2240": _weights("emergency-medicine 6, paramedicine 14, general-surgery 4, family-medicine 5"),
    "2261": _weights(
        "general-dentistry 10, paediatric-dentistry 4, orthodontics 3, dental-public-health 4, "
        "periodontology 1"
    ),
    "2262": _weights("hospital-pharmacy 10, clinical-pharmacy 12, community-pharmacy 6, pharmacovigilance 5"),
    "2263": _weights("public-health-medicine 6, occupational-health 5, epidemiology-and-biostatistics 5"),
    "2264": _weights("physiotherapy 20, physical-and-rehabilitation-medicine 3, sports-medicine 2"),
    "2265": _weights("dietetics-and-nutrition 10"),
    "2266": _weights("audiology 5, speech-and-language-therapy 5"),
    "2634": _weights("clinical-psychology 10"),
    "1342": _weights(
        "health-leadership-and-management 10, patient-safety-and-quality 6, health-policy 3, "
        "health-economics 2"
    ),
    "3211": _weights("medical-imaging 10"),
    "3212": _weights("biomedical-science 10, laboratory-medicine 5"),
    "3221": _weights("adult-nursing 8, primary-care-nursing 6, community-nursing 6"),
    "3253": _weights("community-health 12, health-visiting 3, sexual-and-reproductive-health 4"),
    "3256": _weights("family-medicine 6, general-surgery 3, community-health 3"),
}
# A second field that some add to their own.
CROSS_CUTTING = _weights(
    "global-health 14, medical-education 12, patient-safety-and-quality 10, clinical-research 12, "
    "epidemiology-and-biostatistics 8, digital-health-and-informatics 8, health-leadership-and-management 8, "
    "sexual-and-reproductive-health 5, refugee-and-migrant-health 5, disaster-and-humanitarian-medicine 5, "
    "bioethics 2, health-policy 3, health-economics 2, community-health 4"
)

INTERESTS: dict[str, tuple[str, ...]] = {
    "paediatrics": _words("severe acute malnutrition, childhood asthma, sickle cell disease, vaccine uptake"),
    "neonatology": _words("kangaroo mother care, neonatal sepsis, birth asphyxia, preterm nutrition"),
    "neonatal-nursing": _words("kangaroo mother care, neonatal sepsis, breastfeeding support"),
    "internal-medicine": _words("hypertension, diabetes, antimicrobial stewardship, heart failure"),
    "gynaecology-and-obstetrics": _words(
        "pre-eclampsia, postpartum haemorrhage, obstetric fistula, cervical cancer"
    ),
    "midwifery": _words(
        "respectful maternity care, postpartum haemorrhage, home birth safety, preterm birth"
    ),
    "general-surgery": _words("surgical site infection, trauma care, laparoscopy in small hospitals, hernia"),
    "emergency-medicine": _words("triage, trauma care, sepsis, point-of-care ultrasound"),
    "emergency-nursing": _words("triage, sepsis, trauma care"),
    "family-medicine": _words("hypertension, diabetes, task shifting, rural health"),
    "cardiology": _words("rheumatic heart disease, heart failure, echocardiography, hypertension"),
    "anaesthesiology": _words("safe anaesthesia, regional anaesthesia, pain management, checklists"),
    "infectious-diseases": _words("tuberculosis, hiv, antimicrobial stewardship, malaria"),
    "tropical-medicine": _words("malaria, neglected tropical diseases, snakebite"),
    "psychiatry": _words("perinatal depression, trauma and displacement, task shifting, psychosis"),
    "mental-health-nursing": _words("perinatal depression, trauma and displacement, suicide prevention"),
    "medical-oncology": _words("breast cancer, access to chemotherapy, palliative care, cervical cancer"),
    "oncology-nursing": _words("safe chemotherapy, palliative care, breast cancer"),
    "intensive-care-medicine": _words("sepsis, oxygen supply, mechanical ventilation, icu outcomes"),
    "critical-care-nursing": _words("sepsis, mechanical ventilation, pressure injuries, oxygen supply"),
    "infection-prevention-and-control": _words(
        "hand hygiene, surgical site infection, antimicrobial stewardship"
    ),
    "orthopaedics-and-traumatology": _words("open fractures, clubfoot, trauma care"),
    "radiology": _words("point-of-care ultrasound, breast cancer, teleradiology"),
    "neurology": _words("stroke, epilepsy, neuroinfection"),
    "nephrology": _words("chronic kidney disease, dialysis access, acute kidney injury"),
    "ophthalmology": _words("cataract, trachoma, diabetic retinopathy"),
    "pulmonology": _words("tuberculosis, copd, oxygen supply"),
    "endocrinology-and-diabetology": _words("diabetes, thyroid disease, obesity"),
    "public-health-medicine": _words("vaccine uptake, outbreak response, health equity"),
    "clinical-pharmacy": _words("antimicrobial stewardship, medication errors, oncology pharmacy"),
    "hospital-pharmacy": _words("supply chains, medication errors, antimicrobial stewardship"),
    "physiotherapy": _words("stroke rehabilitation, burns, low back pain"),
    "clinical-psychology": _words("trauma and displacement, burnout, perinatal depression"),
    "adult-nursing": _words("pressure injuries, patient education, diabetes"),
    "nurse-education": _words("simulation, clinical supervision, curriculum design"),
}
GENERAL_INTERESTS = _words(
    "quality improvement, health equity, simulation, telemedicine, implementation science, burnout, "
    "climate and health, maternal mortality, task shifting, medical education research"
)

# Topics sought by mentees and offered by mentors, most wanted first.
TOPICS = _weights(
    "career planning 22, clinical reasoning 20, exam preparation 14, research methods 20, "
    "scientific writing 18, applying for fellowships 14, leadership 14, teaching skills 12, "
    "quality improvement 14, work-life balance 8, returning after a break 3, language for work 7, "
    "presenting at conferences 8, statistics 9, grant writing 7, licensing abroad 8, setting up a service 7, "
    "difficult conversations 6, digital tools 5, ethics 3, burnout 5, working with few resources 7"
)
STRENGTHS = _words(
    "listening, clinical teaching, patience, organisation, teamwork, calm under pressure, bedside skills, "
    "data analysis, writing, languages, community work, improvising, humour, curiosity, supervision"
)
GROWTH = _words(
    "confidence, academic writing, statistics, leadership, public speaking, time management, negotiation, "
    "procedural skills, networking, english, teaching, self-care, critical appraisal, delegation"
)
VALUES = _words(
    "equity, honesty, humility, faith, family, curiosity, service, evidence, kindness, autonomy, solidarity, "
    "excellence, tradition, justice, collaboration"
)
ACCESS_NEEDS = _words(
    "captions in calls, screen reader, large print, low bandwidth material, slow speech, written summaries, "
    "breaks every 20 minutes, step-free venue"
)
BACKGROUNDS = _words(
    "first in my family to study, grew up in a rural area, refugee background, trained abroad, "
    "member of an ethnic minority, single parent, living with a disability"
)
EMPLOYERS = (
    "{family} Memorial Hospital",
    "{city} University Hospital",
    "{city} Central Hospital",
    "{city} District Hospital",
    "{city} Regional Hospital",
    "{city} Children's Hospital",
    "Clinic of {city} North",
    "{city} Health Centre",
    "Hospital of Saint {given}, {city}",
    "{city} Maternity",
    "Faculty of Medicine, {city}",
    "{city} Institute of Public Health",
)
